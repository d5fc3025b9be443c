// Columns as sets of rows; parts of the data mined one after the other, the largest first.
#include "engine/attack/pattern.h"

#include <algorithm>
#include <bit>
#include <map>
#include <queue>
#include <set>
#include <unordered_map>

namespace tessera::attack {
namespace {

using Rows = std::vector<std::uint64_t>;  // a set of rows

void insert(Rows& rows, std::size_t i) { rows[i / 64] |= std::uint64_t{1} << (i % 64); }

std::size_t count_both(const Rows& a, const Rows& b) {
  std::size_t n = 0;
  for (std::size_t w = 0; w < a.size(); ++w)
    n += static_cast<std::size_t>(std::popcount(a[w] & b[w]));
  return n;
}
std::size_t count(const Rows& a) { return count_both(a, a); }
Rows both(const Rows& a, const Rows& b) {
  Rows out(a.size());
  for (std::size_t w = 0; w < a.size(); ++w) out[w] = a[w] & b[w];
  return out;
}
Rows without(const Rows& a, const Rows& b) {
  Rows out(a.size());
  for (std::size_t w = 0; w < a.size(); ++w) out[w] = a[w] & ~b[w];
  return out;
}

struct Part {
  Rows filters, values;
  std::size_t size = 0;
  std::set<std::uint32_t> used_bits;
  std::set<std::string> used_grams;
  bool operator<(const Part& other) const { return size < other.size; }
};

class Miner {
 public:
  Miner(const bits::Matrix& filters, std::span<const std::string> sample,
        const PatternOptions& options)
      : options_(options), bit_(filters.bits(), Rows((filters.rows() + 63) / 64)) {
    for (std::size_t i = 0; i < filters.rows(); ++i)
      for (std::uint32_t b = 0; b < filters.bits(); ++b)
        if (filters.row(i)[b / 64] >> (b % 64) & 1) insert(bit_[b], i);
    for (std::size_t i = 0; i < sample.size(); ++i)
      for (const std::string& g : bigrams(sample[i]))
        insert(gram_.try_emplace(g, Rows((sample.size() + 63) / 64)).first->second, i);
    Part all{Rows((filters.rows() + 63) / 64), Rows((sample.size() + 63) / 64), 0, {}, {}};
    for (std::size_t i = 0; i < filters.rows(); ++i) insert(all.filters, i);
    for (std::size_t i = 0; i < sample.size(); ++i) insert(all.values, i);
    all.size = filters.rows();
    least_rows_ = options.least_rows > 0 ? options.least_rows
                                         : std::max<std::size_t>(50, filters.rows() / 100);
    push(std::move(all));
  }

  Mined mine() {
    for (std::size_t parts = 0; parts < options_.most_parts && !queue_.empty(); ++parts) {
      const Part part = queue_.top();
      queue_.pop();
      mine_part(part);
    }
    Mined out;
    for (const auto& [gram, bits] : found_)
      out.grams.emplace_back(gram, std::vector<std::uint32_t>(bits.begin(), bits.end()));
    return out;
  }

 private:
  void push(Part part) {
    part.size = count(part.filters);
    if (part.size >= least_rows_ && count(part.values) >= least_rows_) queue_.push(std::move(part));
  }

  void mine_part(const Part& part) {
    const auto all = static_cast<double>(count(part.values));
    const std::string* top = nullptr;
    double first = 0, second = 0;
    for (const auto& [gram, rows] : gram_) {
      if (part.used_grams.contains(gram)) continue;
      const double share = static_cast<double>(count_both(rows, part.values)) / all;
      if (share > first) {
        second = first;
        first = share;
        top = &gram;
      } else {
        second = std::max(second, share);
      }
    }
    if (top == nullptr || first - second < options_.margin || first > 0.97) return;
    // As many filters hold the bigram as values do, to within half the lead.
    const auto n = static_cast<double>(part.size);
    const auto least = static_cast<std::size_t>((first - (first - second) / 2) * n);
    const std::vector<std::uint32_t> bits = frequent_set(part, least);
    if (bits.size() < options_.least_bits) return;
    found_[*top].insert(bits.begin(), bits.end());
    Rows holding = part.filters;
    for (const std::uint32_t b : bits) holding = both(holding, bit_[b]);
    Part with = part, rest = part;
    with.filters = holding;
    with.values = both(part.values, gram_.at(*top));
    with.used_bits.insert(bits.begin(), bits.end());
    with.used_grams.insert(*top);
    rest.filters = without(part.filters, holding);
    rest.values = without(part.values, gram_.at(*top));
    rest.used_grams.insert(*top);
    push(std::move(with));
    push(std::move(rest));
  }

  // The largest set of bits that `least` rows set together, grown from many pairs.
  std::vector<std::uint32_t> frequent_set(const Part& part, std::size_t least) const {
    std::vector<std::uint32_t> often;
    std::vector<Rows> rows;
    for (std::uint32_t b = 0; b < bit_.size(); ++b) {
      if (part.used_bits.contains(b) || count_both(bit_[b], part.filters) < least) continue;
      often.push_back(b);
      rows.push_back(both(bit_[b], part.filters));
    }
    std::vector<std::uint32_t> best;
    std::size_t best_joint = 0;
    for (std::size_t start = 0; start < often.size(); ++start) {
      std::vector<std::uint32_t> set{often[start]};
      Rows joint = rows[start];
      std::vector<bool> in(often.size());
      in[start] = true;
      while (set.size() < options_.most_bits) {
        std::size_t most = 0, which = 0;
        for (std::size_t k = 0; k < often.size(); ++k) {
          if (in[k]) continue;
          const std::size_t c = count_both(joint, rows[k]);
          if (c > most) {
            most = c;
            which = k;
          }
        }
        if (most < least) break;
        in[which] = true;
        set.push_back(often[which]);
        joint = both(joint, rows[which]);
      }
      const std::size_t held = count(joint);
      if (set.size() > best.size() || (set.size() == best.size() && held > best_joint)) {
        best = set;
        best_joint = held;
      }
    }
    return best;
  }

  PatternOptions options_;
  std::size_t least_rows_ = 0;
  std::vector<Rows> bit_;
  std::map<std::string, Rows> gram_;
  std::priority_queue<Part> queue_;
  std::map<std::string, std::set<std::uint32_t>> found_;
};

bool is_set(const bits::Matrix& m, std::size_t i, std::uint32_t b) {
  return (m.row(i)[b / 64] >> (b % 64) & 1) != 0;
}

void judge_bits(const Mined& mined, const bits::Matrix& filters, std::span<const std::string> truth,
                PatternScore& out) {
  std::unordered_map<std::string, std::vector<std::uint32_t>> holders;
  for (const auto& [gram, bits] : mined.grams) holders[gram];
  for (std::uint32_t i = 0; i < truth.size(); ++i)
    for (const std::string& g : bigrams(truth[i]))
      if (const auto it = holders.find(g); it != holders.end()) it->second.push_back(i);
  for (const auto& [gram, bits] : mined.grams)
    for (const std::uint32_t b : bits) {
      ++out.bits;
      const auto& rows = holders[gram];
      out.bits_right += rows.size() >= 10 && std::ranges::all_of(rows, [&](std::uint32_t i) {
                          return is_set(filters, i, b);
                        });
    }
}

}  // namespace

std::vector<std::string> bigrams(const std::string& value) {
  std::vector<std::string> out;
  if (value.empty()) return out;
  const std::string padded = " " + value + " ";
  for (std::size_t i = 0; i + 1 < padded.size(); ++i) out.push_back(padded.substr(i, 2));
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

Mined mine_patterns(const bits::Matrix& filters, std::span<const std::string> sample,
                    const PatternOptions& options) {
  if (filters.rows() == 0 || sample.empty()) return {};
  return Miner(filters, sample, options).mine();
}

PatternScore judge(const Mined& mined, const bits::Matrix& filters,
                   std::span<const std::string> truth, std::span<const std::string> dictionary) {
  PatternScore out;
  out.rows = truth.size();
  judge_bits(mined, filters, truth, out);
  if (mined.grams.empty()) return out;
  // What a value or a filter says about each mined bigram.
  std::map<std::vector<bool>, std::set<std::string>> fitting;
  for (const std::string& value : std::set<std::string>(dictionary.begin(), dictionary.end())) {
    const auto has = bigrams(value);
    std::vector<bool> signature;
    for (const auto& [gram, bits] : mined.grams)
      signature.push_back(std::ranges::binary_search(has, gram));
    fitting[signature].insert(value);
  }
  for (std::size_t i = 0; i < truth.size(); ++i) {
    std::vector<bool> signature;
    for (const auto& [gram, bits] : mined.grams)
      signature.push_back(
          std::ranges::all_of(bits, [&](std::uint32_t b) { return is_set(filters, i, b); }));
    const auto it = fitting.find(signature);
    if (it == fitting.end() || it->second.size() != 1) continue;
    (*it->second.begin() == truth[i] ? out.exact : out.exact_wrong) += 1;
  }
  return out;
}

}  // namespace tessera::attack
