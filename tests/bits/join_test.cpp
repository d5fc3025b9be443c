// The tile join against the definition, for every kernel, fold width, length and threshold.
#include "engine/bits/join.h"

#include <algorithm>
#include <bit>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "tests/bits/filters.h"

using namespace tessera;
using namespace tessera::bits;

namespace {

struct Collect final : HitSink {
  std::vector<Hit> hits;
  void take(std::span<const Hit> some) override {
    hits.insert(hits.end(), some.begin(), some.end());
  }
};

std::vector<Hit> sorted(std::vector<Hit> hits) {
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return a.left != b.left ? a.left < b.left : a.right < b.right;
  });
  return hits;
}

Matrix copy_of(const Matrix& m) {
  Matrix out(m.rows(), m.bits());
  for (std::size_t i = 0; i < m.rows(); ++i) {
    std::copy_n(m.row(i), m.words(), out.row(i));
    out.recount(i);
  }
  return out;
}

// The definition, pair by pair: 2 c Q >= P (|a| + |b|).
std::vector<Hit> plain(const Matrix& a, const Matrix& b, Threshold t, bool within) {
  std::vector<Hit> out;
  for (std::uint32_t i = 0; i < a.rows(); ++i)
    for (std::uint32_t j = within ? i + 1 : 0; j < b.rows(); ++j) {
      std::uint32_t c = 0;
      for (std::size_t k = 0; k < a.words(); ++k)
        c += static_cast<std::uint32_t>(std::popcount(a.row(i)[k] & b.row(j)[k]));
      const std::uint32_t sum = a.count(i) + b.count(j);
      if (sum == 0 ? t.numerator == 0 : 2 * c * t.denominator >= t.numerator * sum)
        out.push_back({i, j, c, sum});
    }
  return out;
}

}  // namespace

TEST_CASE("a join finds exactly the pairs of the definition") {
  Splitmix random(11);
  Silent silent;
  std::size_t found = 0;
  for (const std::size_t bits : {64, 100, 512, 1000, 1024, 2048}) {
    const Matrix a = random_filters(random, 150, bits, 0.4);
    const Matrix b = random_filters(random, 333, bits, 0.4);
    // Rows of one side among the other: pairs on both sides of every threshold.
    Matrix mixed = copy_of(b);
    for (std::size_t j = 0; j < 150; j += 3) {
      std::copy_n(a.row(j), a.words(), mixed.row(j + 50));
      mixed.row(j + 50)[0] ^= random.next() & random.next() & ((bits < 64) ? 0 : ~0ULL);
      mixed.recount(j + 50);
    }
    const Sorted left = sort_by_count(copy_of(a));
    const Sorted right = sort_by_count(copy_of(mixed));
    for (const char* text : {"0", "0.3", "0.5", "0.75", "0.8", "0.85", "0.9", "0.95", "1"}) {
      const Threshold t = *parse_threshold(text);
      const auto want = plain(a, mixed, t, false);
      const auto want_within = plain(mixed, mixed, t, true);
      found += want.size();
      for (const Kernel& k : kernels()) {
        if (!k.usable()) continue;
        for (const std::size_t fold_words : {0, 1, 2, 5, 16}) {
          Collect across, within;
          const JoinTally tally = join(left, right, {t, &k, fold_words}, across, silent);
          CHECK_MESSAGE(sorted(across.hits) == want, k.name, " t ", text, " bits ", bits);
          CHECK(tally.pairs == 150 * 333);
          CHECK(tally.hits == want.size());
          const JoinTally inner = join_within(right, {t, &k, fold_words}, within, silent);
          CHECK_MESSAGE(sorted(within.hits) == want_within, k.name, " t ", text, " bits ", bits);
          CHECK(inner.pairs == 333 * 332 / 2);
        }
      }
    }
  }
  CHECK(found > 50000);
}

TEST_CASE("pairs exactly at the threshold are kept") {
  // 300 bits within 500: Dice = 600 / 800 = 0.75 exactly; anonlink's accelerated code drops it.
  Matrix a(1, 1024), b(1, 1024);
  for (std::size_t bit = 0; bit < 500; ++bit) {
    if (bit < 300) a.row(0)[bit / 64] |= std::uint64_t{1} << (bit % 64);
    b.row(0)[bit / 64] |= std::uint64_t{1} << (bit % 64);
  }
  a.recount(0);
  b.recount(0);
  const Sorted left = sort_by_count(std::move(a));
  const Sorted right = sort_by_count(std::move(b));
  Silent silent;
  for (const Kernel& k : kernels()) {
    if (!k.usable()) continue;
    Collect at, above;
    join(left, right, {*parse_threshold("0.75"), &k, 0}, at, silent);
    join(left, right, {*parse_threshold("0.750000001"), &k, 0}, above, silent);
    CHECK(at.hits == std::vector<Hit>{{0, 0, 300, 800}});
    CHECK(above.hits.empty());
  }
}

TEST_CASE("tiles, chunks, strips and sampled plans change nothing: 2,300 x 3,100 rows") {
  Splitmix random(12);
  const Matrix a = random_filters(random, 2300, 512, 0.4);
  const Matrix b = random_filters(random, 3100, 512, 0.4);
  const Threshold t = *parse_threshold("0.8");
  const auto want = plain(a, b, t, false);
  const auto within = plain(b, b, t, true);
  CHECK(within.size() > 100);
  const Sorted left = sort_by_count(copy_of(a));
  const Sorted right = sort_by_count(copy_of(b));
  Silent silent;
  for (const std::size_t n : {1, 3}) {
    set_threads(n);
    for (const Kernel& k : kernels()) {
      if (!k.usable()) continue;
      Collect across, inner;
      join(left, right, {t, &k, 0}, across, silent);
      join_within(right, {t, &k, 0}, inner, silent);
      CHECK_MESSAGE(sorted(across.hits) == want, k.name);
      CHECK_MESSAGE(sorted(inner.hits) == within, k.name);
    }
  }
  set_threads(0);
}

TEST_CASE("empty sides have no pairs") {
  const Sorted none = sort_by_count(Matrix(0, 1024));
  const Sorted one = sort_by_count(Matrix(1, 1024));
  Silent silent;
  Collect sink;
  CHECK(join(none, one, {*parse_threshold("0"), nullptr, 0}, sink, silent).pairs == 0);
  CHECK(join(one, none, {*parse_threshold("0"), nullptr, 0}, sink, silent).pairs == 0);
  CHECK(join_within(one, {*parse_threshold("0"), nullptr, 0}, sink, silent).pairs == 0);
  CHECK(sink.hits.empty());
}
