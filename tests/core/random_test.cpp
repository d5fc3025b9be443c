// Random draws: even, reproducible where seeded, never twice the same where not.
#include "engine/core/random.h"

#include <array>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "engine/core/bytes.h"

using namespace tessera;

namespace {

// Gives the numbers it was given, to see which ones below() throws away.
class Scripted final : public Random {
 public:
  explicit Scripted(std::vector<std::uint64_t> numbers) : numbers_(std::move(numbers)) {}
  void fill(std::span<std::uint8_t> out) override {
    REQUIRE(out.size() == 8);
    REQUIRE(next_ < numbers_.size());
    store_le<std::uint64_t>(out.data(), numbers_[next_++]);
  }
  std::size_t drawn() const { return next_; }

 private:
  std::vector<std::uint64_t> numbers_;
  std::size_t next_ = 0;
};

// Chi-squared of counts against an even spread.
double chi_squared(const std::vector<std::uint64_t>& counts, double draws) {
  const double expected = draws / static_cast<double>(counts.size());
  double sum = 0;
  for (const std::uint64_t c : counts) {
    const double off = static_cast<double>(c) - expected;
    sum += off * off / expected;
  }
  return sum;
}

}  // namespace

TEST_CASE("below() draws again where the last, short run of multiples would favour low numbers") {
  Scripted three({UINT64_MAX, UINT64_MAX - 1});  // 2^64 - 1 is a multiple of 3
  CHECK(three.below(3) == (UINT64_MAX - 1) % 3);
  CHECK(three.drawn() == 2);
  Scripted half({(std::uint64_t{1} << 63) + 5, UINT64_MAX, 7});
  CHECK(half.below((std::uint64_t{1} << 63) + 1) == 7);
  CHECK(half.drawn() == 3);
  Scripted one({5});
  CHECK(one.below(1) == 0);
}

TEST_CASE("below() is even") {
  const auto random = system_random();
  constexpr int kDraws = 100000;
  for (const std::uint64_t bound : {2, 3, 10, 100}) {
    std::vector<std::uint64_t> counts(bound);
    for (int i = 0; i < kDraws; ++i) ++counts[random->below(bound)];
    const double k = static_cast<double>(bound - 1);
    // Six standard deviations and a little for the tail of few cells: fails once in 10^8 runs.
    CHECK(chi_squared(counts, kDraws) < k + 6 * std::sqrt(2 * k) + 25);
  }
  Splitmix splitmix(1);
  std::vector<std::uint64_t> counts(100);
  for (int i = 0; i < kDraws; ++i) ++counts[splitmix.below(100)];
  CHECK(chi_squared(counts, kDraws) < 99 + 6 * std::sqrt(198.0) + 25);
}

TEST_CASE("the system's generator fills what it is asked to, across its pool's edge") {
  const auto random = system_random();
  std::set<std::uint64_t> seen;
  for (int i = 0; i < 2000; ++i) seen.insert(random->next64());
  CHECK(seen.size() == 2000);
  std::vector<std::uint8_t> big(10001);
  random->fill(big);
  std::vector<std::uint64_t> counts(256);
  for (const std::uint8_t b : big) ++counts[b];
  CHECK(chi_squared(counts, 10001) < 255 + 6 * std::sqrt(510.0) + 25);
  random->fill({});
  CHECK(system_random()->next64() != system_random()->next64());
}

#ifdef TESSERA_SEEDABLE
TEST_CASE("a seed gives the same numbers, another seed others") {
  const auto a = seeded_random(7);
  const auto b = seeded_random(7);
  const auto c = seeded_random(8);
  bool differs = false;
  for (int i = 0; i < 100; ++i) {
    const std::uint64_t n = a->next64();
    CHECK(n == b->next64());
    differs = differs || n != c->next64();
  }
  CHECK(differs);
}
#endif

TEST_CASE("the laboratory's generator: streams of a seed are their own") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t stream = 0; stream < 100; ++stream) {
    Splitmix a(42, stream);
    Splitmix b(42, stream);
    for (int i = 0; i < 20; ++i) {
      const std::uint64_t n = a.next();
      CHECK(n == b.next());
      seen.insert(n);
    }
  }
  CHECK(seen.size() == 2000);
  Splitmix random(3);
  double sum = 0;
  int hits = 0;
  for (int i = 0; i < 100000; ++i) {
    const double u = random.uniform();
    REQUIRE(u >= 0);
    REQUIRE(u < 1);
    sum += u;
    hits += random.chance(0.25) ? 1 : 0;
  }
  CHECK(sum / 100000 == doctest::Approx(0.5).epsilon(0.01));
  CHECK(hits / 100000.0 == doctest::Approx(0.25).epsilon(0.03));
}

TEST_CASE("every order of four comes alike often") {
  const auto random = seeded_random(9);
  std::map<std::vector<std::uint32_t>, int> seen;
  constexpr int kDraws = 24000;
  for (int i = 0; i < kDraws; ++i) ++seen[shuffled(4, *random)];
  REQUIRE(seen.size() == 24);
  double chi = 0;
  for (const auto& [order, n] : seen) chi += (n - 1000.0) * (n - 1000.0) / 1000.0;
  CHECK(chi < 60);  // 23 degrees of freedom: exceeded once in 40,000
}

TEST_CASE("orders of nothing and of one") {
  const auto random = seeded_random(1);
  CHECK(shuffled(0, *random).empty());
  CHECK(shuffled(1, *random) == std::vector<std::uint32_t>{0});
}
