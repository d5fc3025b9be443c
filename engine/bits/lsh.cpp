#include "engine/bits/lsh.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <mutex>
#include <numeric>
#include <vector>

#include "engine/core/parallel.h"
#include "engine/core/random.h"

namespace tessera::bits {
namespace {

// One table: which bits make up a key, as places and as a mask over a row.
struct Table {
  std::vector<std::uint32_t> places;
  std::vector<std::uint64_t> mask;
};

std::vector<Table> make_tables(std::size_t bits, std::size_t words, const LshOptions& lsh,
                               std::size_t key_bits) {
  Splitmix random(lsh.seed);
  std::vector<Table> out(lsh.tables);
  for (Table& t : out) {
    t.mask.assign(words, 0);
    while (t.places.size() < std::min(key_bits, bits)) {
      const auto p = static_cast<std::uint32_t>(random.below(bits));
      const std::uint64_t bit = std::uint64_t{1} << (p % 64);
      if ((t.mask[p / 64] & bit) != 0) continue;
      t.mask[p / 64] |= bit;
      t.places.push_back(p);
    }
  }
  return out;
}

// Key and row, so that a sort brings equal keys together and keeps rows in order.
std::vector<std::uint64_t> keyed(const Matrix& m, const Table& table) {
  std::vector<std::uint64_t> out(m.rows());
  parallel_for(m.rows(), 16384, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      std::uint64_t key = 0;
      const std::uint64_t* row = m.row(i);
      for (const std::uint32_t p : table.places) key = key << 1 | ((row[p / 64] >> (p % 64)) & 1U);
      out[i] = key << 32 | i;
    }
  });
  return out;
}

// Least significant digit first, 11 bits at a time, over the key alone: rows stay in order.
void radix_sort(std::vector<std::uint64_t>& v, std::size_t key_bits) {
  std::vector<std::uint64_t> other(v.size());
  constexpr unsigned kDigit = 11;
  for (unsigned shift = 32; shift < 32 + key_bits; shift += kDigit) {
    std::vector<std::size_t> start((1U << kDigit) + 1);
    for (const std::uint64_t x : v) ++start[((x >> shift) & ((1U << kDigit) - 1)) + 1];
    for (std::size_t i = 1; i < start.size(); ++i) start[i] += start[i - 1];
    for (const std::uint64_t x : v) other[start[(x >> shift) & ((1U << kDigit) - 1)]++] = x;
    v.swap(other);
  }
}

bool agree(const std::uint64_t* a, const std::uint64_t* b, const Table& t) {
  std::uint64_t differ = 0;
  for (std::size_t k = 0; k < t.mask.size(); ++k) differ |= (a[k] ^ b[k]) & t.mask[k];
  return differ == 0;
}

// Left rows drawn in steps, each step spread evenly over those left; counts the pairs >= t that
// they have, each once, and how many of them some table brings together.
class Sample final : public HitSink {
 public:
  Sample(const Sorted& left, const Sorted& right, bool within, const std::vector<Table>& tables,
         LshTally& tally)
      : left_(left),
        right_(right),
        within_(within),
        tables_(tables),
        tally_(tally),
        step_(left.matrix.rows() * 618 / 1000 + 1),
        drawn_in_(left.matrix.rows()),
        place_(right.matrix.rows()) {
    // Multiples of about the golden ratio, modulo the rows, are spread evenly however many.
    while (std::gcd(step_, left.matrix.rows()) != 1) ++step_;
    for (std::size_t j = 0; j < place_.size(); ++j)
      place_[right.original[j]] = static_cast<std::uint32_t>(j);
  }

  // The next n rows, in order; `original` is their place in the sorted side.
  Sorted draw(std::size_t n) {
    ++round_;
    std::vector<std::uint32_t> from(n);
    for (std::uint32_t& f : from) {
      f = static_cast<std::uint32_t>(at_);
      drawn_in_[at_] = round_;
      at_ = (at_ + step_) % drawn_in_.size();
    }
    std::ranges::sort(from);
    Sorted out{Matrix(n, left_.matrix.bits()), std::move(from)};
    for (std::size_t i = 0; i < n; ++i) {
      std::memcpy(out.matrix.row(i), left_.matrix.row(out.original[i]), left_.matrix.words() * 8);
      out.matrix.recount(i);
    }
    return out;
  }

  void take(std::span<const Hit> hits) override {
    for (const Hit& h : hits) {
      const std::uint32_t y = place_[h.right];
      if (within_ && counted(h.left, y)) continue;
      ++tally_.sample_pairs;
      const auto* a = left_.matrix.row(h.left);
      const auto* b = right_.matrix.row(y);
      tally_.sample_found +=
          std::ranges::any_of(tables_, [&](const Table& t) { return agree(a, b, t); }) ? 1U : 0U;
    }
  }

 private:
  // Is it no pair, or one that y, a sampled row too, answers for?
  bool counted(std::uint32_t x, std::uint32_t y) const {
    return x == y || (drawn_in_[y] != 0 && (drawn_in_[y] < round_ || y < x));
  }

  const Sorted& left_;
  const Sorted& right_;
  const bool within_;
  const std::vector<Table>& tables_;
  LshTally& tally_;
  std::size_t step_;
  std::size_t at_ = 0;
  std::vector<std::uint8_t> drawn_in_;  // round; 0: not yet
  std::vector<std::uint32_t> place_;    // of a right row in its sorted side
  std::uint8_t round_ = 0;
};

class LshJoin {
 public:
  LshJoin(const Sorted& left, const Sorted& right, bool within, const JoinOptions& options,
          const LshOptions& lsh, HitSink& sink, Progress& progress)
      : left_(left),
        right_(right),
        within_(within),
        options_(options),
        lsh_(lsh),
        key_bits_(lsh.key_bits != 0 ? std::min<std::size_t>(lsh.key_bits, 32) : default_bits()),
        sink_(sink),
        progress_(progress),
        kernel_(options.kernel != nullptr ? *options.kernel : best_kernel()),
        decision_(options.threshold, left.matrix.bits()),
        tables_(make_tables(left.matrix.bits(), left.matrix.words(), lsh, key_bits_)) {}

  LshTally run() {
    const std::uint64_t n = right_.matrix.rows();
    const std::uint64_t pairs = within_ ? n * (n - 1) / 2 : left_.matrix.rows() * n;
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      table(t);
      progress_.advance(pairs * (t + 1) / tables_.size() - pairs * t / tables_.size());
    }
    estimate();
    return tally_;
  }

 private:
  // About two rows to a key at most, were the keys evenly spread.
  std::size_t default_bits() const {
    const auto log = static_cast<std::size_t>(std::bit_width(right_.matrix.rows()));
    return std::clamp<std::size_t>(log + 2, 10, 26);
  }

  void table(std::size_t t) {
    std::vector<std::uint64_t> a = keyed(left_.matrix, tables_[t]);
    radix_sort(a, key_bits_);
    std::vector<std::uint64_t> b;
    if (!within_) {
      b = keyed(right_.matrix, tables_[t]);
      radix_sort(b, key_bits_);
    }
    const std::vector<std::uint64_t>& other = within_ ? a : b;
    parallel_for(a.size(), 8192, [&](std::size_t begin, std::size_t end) {
      std::vector<Hit> hits;
      std::uint64_t compared = 0;
      // The run of equal keys on the other side moves along with ours.
      auto from = std::lower_bound(other.begin(), other.end(), a[begin] >> 32 << 32);
      for (std::size_t i = begin; i < end; ++i) {
        const std::uint64_t key = a[i] >> 32;
        while (from != other.end() && *from >> 32 < key) ++from;
        for (auto at = from; at != other.end() && *at >> 32 == key; ++at) {
          const auto x = static_cast<std::uint32_t>(a[i]);
          const auto y = static_cast<std::uint32_t>(*at);
          if (within_ && x >= y) continue;
          ++compared;
          check(t, x, y, hits);
        }
      }
      const std::lock_guard lock(mutex_);
      tally_.join.pairs += compared;
      tally_.join.candidates += compared;
      tally_.join.scanned += compared;
      tally_.join.hits += hits.size();
      if (!hits.empty()) sink_.take(hits);
    });
  }

  void check(std::size_t t, std::uint32_t x, std::uint32_t y, std::vector<Hit>& hits) const {
    const std::uint64_t* a = left_.matrix.row(x);
    const std::uint64_t* b = right_.matrix.row(y);
    const std::uint32_t sum = left_.matrix.count(x) + right_.matrix.count(y);
    const std::uint32_t need = decision_.need(sum);
    if (need > left_.matrix.count(x) || need > right_.matrix.count(y)) return;
    const std::uint32_t shared = kernel_.count_and(a, b, left_.matrix.words());
    if (shared < need) return;
    // The first table in which they agree answers for the pair.
    for (std::size_t earlier = 0; earlier < t; ++earlier)
      if (agree(a, b, tables_[earlier])) return;
    std::uint32_t l = left_.original[x];
    std::uint32_t r = right_.original[y];
    if (within_ && l > r) std::swap(l, r);
    hits.push_back({l, r, shared, sum});
  }

  void estimate() {
    const std::size_t rows = left_.matrix.rows();
    const std::uint64_t others = right_.matrix.rows();
    Sample sample(left_, right_, within_, tables_, tally_);
    std::size_t next = std::min(std::max<std::size_t>(lsh_.sample_rows, 1), rows);
    while (next > 0) {
      Silent silent;
      join(sample.draw(next), right_, options_, sample, silent);
      tally_.sample_rows += next;
      tally_.sample_compared += next * (others - (within_ ? 1 : 0));
      if (tally_.sample_pairs >= lsh_.sample_pairs) return;
      next = std::min<std::size_t>(tally_.sample_rows, rows - tally_.sample_rows);
      if (tally_.sample_compared + next * others > lsh_.sample_work) return;
    }
  }

  const Sorted& left_;
  const Sorted& right_;
  const bool within_;
  const JoinOptions& options_;
  const LshOptions& lsh_;
  const std::size_t key_bits_;
  HitSink& sink_;
  Progress& progress_;
  const Kernel& kernel_;
  const Decision decision_;
  const std::vector<Table> tables_;
  std::mutex mutex_;
  LshTally tally_;
};

}  // namespace

LshTally lsh_join(const Sorted& left, const Sorted& right, const JoinOptions& options,
                  const LshOptions& lsh, HitSink& sink, Progress& progress) {
  if (left.matrix.rows() == 0 || right.matrix.rows() == 0) return {};
  return LshJoin(left, right, false, options, lsh, sink, progress).run();
}

LshTally lsh_join_within(const Sorted& rows, const JoinOptions& options, const LshOptions& lsh,
                         HitSink& sink, Progress& progress) {
  if (rows.matrix.rows() < 2) return {};
  return LshJoin(rows, rows, true, options, lsh, sink, progress).run();
}

}  // namespace tessera::bits
