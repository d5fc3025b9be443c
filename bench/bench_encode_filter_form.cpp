// Which form of filter tells a misspelt name from another one, at 256 bits and no leak of length:
// bench_encode_filter_form NAMES_FOLDER. Decision 0006 quotes what it prints. Fixed seeds.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/core/random.h"
#include "engine/encode/tokens.h"
#include "engine/record/phonetic.h"

namespace {

using namespace tessera;
using Filter = std::array<std::uint64_t, 4>;  // 256 bits
using Make = Filter (*)(const std::vector<encode::Block>& tokens, std::uint64_t key);

struct Form {
  const char* name;
  Make make;
  bool by_agreement;  // similar filters agree in bits, set or not; else: in set bits
};

Splitmix stream_of(const encode::Block& token, std::uint64_t key) {
  return Splitmix(load_le<std::uint64_t>(token.data()) ^ key,
                  load_le<std::uint64_t>(token.data() + 8));
}

void set(Filter& f, std::uint64_t bit) { f[bit / 64] |= std::uint64_t{1} << (bit % 64); }
int count(const Filter& f) {
  int n = 0;
  for (const auto w : f) n += std::popcount(w);
  return n;
}

// 96 of 256 bits, exactly: the tokens take turns until the weight is reached.
Filter exact_fill(const std::vector<encode::Block>& tokens, std::uint64_t key) {
  std::vector<std::pair<std::uint64_t, Splitmix>> streams;
  for (const auto& t : tokens) {
    Splitmix s = stream_of(t, key);
    const std::uint64_t turn = s.next();
    streams.emplace_back(turn, s);
  }
  std::ranges::sort(streams, {}, [](const auto& s) { return s.first; });
  Filter f{};
  for (int left = 96; left > 0;)
    for (auto& [turn, s] : streams) {
      const std::uint64_t bit = s.below(256);
      if (left > 0 && (f[bit / 64] >> (bit % 64) & 1) == 0) {
        set(f, bit);
        --left;
      }
    }
  return f;
}

// A salted Bloom filter of 128 bits, 8 positions a token, and its complement.
Filter balanced(const std::vector<encode::Block>& tokens, std::uint64_t key) {
  Filter f{};
  for (const auto& t : tokens) {
    Splitmix s = stream_of(t, key);
    for (int k = 0; k < 8; ++k) set(f, s.below(128));
  }
  f[2] = ~f[0];
  f[3] = ~f[1];
  return f;
}

// Bit i is one bit of the smallest of the tokens' i-th hashes.
Filter min_hash(const std::vector<encode::Block>& tokens, std::uint64_t key) {
  std::array<std::uint64_t, 256> least;
  least.fill(UINT64_MAX);
  for (const auto& t : tokens) {
    Splitmix s = stream_of(t, key);
    for (auto& l : least) l = std::min(l, s.next());
  }
  Filter f{};
  for (std::size_t i = 0; i < least.size(); ++i)
    if ((least[i] & 1) != 0) set(f, i);
  return f;
}

constexpr std::array<Form, 3> kForms{{{"exact fill, 96 of 256", exact_fill, false},
                                      {"balanced Bloom, 128 + 128", balanced, false},
                                      {"1-bit MinHash, 256", min_hash, true}}};

int similarity(const Form& form, const Filter& a, const Filter& b) {
  int n = 0;
  for (std::size_t w = 0; w < a.size(); ++w)
    n += std::popcount(form.by_agreement ? ~(a[w] ^ b[w]) : a[w] & b[w]);
  return n;
}

struct Names {
  std::vector<std::string> name;
  std::vector<double> upto;  // running sum of counts
  const std::string& draw(Splitmix& random) const {
    const auto at = std::ranges::upper_bound(upto, random.uniform() * upto.back());
    return name[std::min(static_cast<std::size_t>(at - upto.begin()), name.size() - 1)];
  }
};

Names read_names(const std::string& path) {
  Names out;
  const auto text = read_file(path);
  if (!text) return out;
  auto table = csv::Reader::open(*text, path);
  if (!table) return out;
  const auto columns = table->require({"name", "count"});
  csv::Row row;
  for (auto more = table->next(row); columns && more && *more; more = table->next(row)) {
    std::string name;
    for (const char c : row[(*columns)[0]])
      if (std::isalpha(static_cast<unsigned char>(c)) != 0)
        name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    if (name.size() < 2) continue;
    out.name.push_back(name);
    out.upto.push_back((out.upto.empty() ? 0 : out.upto.back()) +
                       std::atof(std::string(row[(*columns)[1]]).c_str()));
  }
  return out;
}

// One wrong, missing, extra or exchanged letter.
std::string typo(std::string name, Splitmix& random) {
  const std::string before = name;
  while (name == before) {
    const std::size_t at = random.below(name.size());
    const char letter = static_cast<char>('A' + random.below(26));
    switch (random.below(4)) {
      case 0:
        name[at] = letter;
        break;
      case 1:
        if (name.size() > 2) name.erase(at, 1);
        break;
      case 2:
        name.insert(at, 1, letter);
        break;
      default:
        if (at > 0) std::swap(name[at], name[at - 1]);
    }
  }
  return name;
}

struct Pairs {
  std::vector<std::pair<std::string, std::string>> same, other;
};

// `one_code`: as surnames stand in a block, all names of a pair have one phonetic code.
Pairs draw_pairs(const Names& names, bool one_code, std::size_t n) {
  Splitmix random(one_code ? 11 : 7);
  Pairs out;
  while (out.same.size() < n || out.other.size() < n) {
    const std::string& a = names.draw(random);
    const std::string b = typo(a, random);
    const std::string& c = names.draw(random);
    if (out.same.size() < n && (!one_code || record::soundex(a) == record::soundex(b)))
      out.same.emplace_back(a, b);
    if (out.other.size() < n && a != c && (!one_code || record::soundex(a) == record::soundex(c)))
      out.other.emplace_back(a, c);
  }
  return out;
}

std::vector<encode::Block> tokens_of(const std::string& name) {
  std::vector<encode::Block> out;
  append_bigrams(encode::Domain::name, name, out);
  return out;
}

// Similarities counted by value; each pair under a key of its own, as each block has one.
std::vector<double> histogram(const Form& form,
                              const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::vector<double> out(257);
  Splitmix keys(3);
  for (const auto& [a, b] : pairs) {
    const std::uint64_t key = keys.next();
    out[static_cast<std::size_t>(
        similarity(form, form.make(tokens_of(a), key), form.make(tokens_of(b), key)))] += 1;
  }
  return out;
}

void measure(const char* field, const Form& form, const Pairs& pairs) {
  const auto same = histogram(form, pairs.same);
  const auto other = histogram(form, pairs.other);
  double below = 0, auc = 0, best = 0, true_above = 0, false_above = 0;
  for (std::size_t s = 0; s < same.size(); ++s) {
    auc += same[s] * (below + other[s] / 2);
    below += other[s];
  }
  for (std::size_t s = same.size(); s-- > 0;) {
    true_above += same[s];
    false_above += other[s];
    const double all = static_cast<double>(pairs.same.size()) + true_above + false_above;
    best = std::max(best, 2 * true_above / all);
  }
  // Does the count of bits tell the name's length?
  double n = 0, x = 0, y = 0, xx = 0, yy = 0, xy = 0;
  Splitmix keys(5);
  for (const auto& [a, b] : pairs.other) {
    const auto length = static_cast<double>(a.size());
    const auto bits = static_cast<double>(count(form.make(tokens_of(a), keys.next())));
    n += 1, x += length, y += bits, xx += length * length, yy += bits * bits, xy += length * bits;
  }
  const double spread = (n * xx - x * x) * (n * yy - y * y);
  const double correlation = spread <= 0 ? 0 : (n * xy - x * y) / std::sqrt(spread);
  std::printf(
      "%-10s %-28s %8.4f %8.4f %12.4f\n", field, form.name,
      auc / static_cast<double>(pairs.same.size()) / static_cast<double>(pairs.other.size()), best,
      correlation);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : "data/synthetic/names";
  std::printf("%-10s %-28s %8s %8s %12s\n", "field", "form", "AUC", "best F1", "corr(length)");
  for (const auto& [field, file, one_code] : {std::tuple{"given", "given_names.csv", false},
                                              std::tuple{"surname", "surnames.csv", true}}) {
    const Names names = read_names(folder + "/" + file);
    if (names.name.empty()) {
      std::fprintf(stderr, "no names in %s/%s\n", folder.c_str(), file);
      return 1;
    }
    const Pairs pairs = draw_pairs(names, one_code, 20000);
    for (const Form& form : kForms) measure(field, form, pairs);
  }
}
