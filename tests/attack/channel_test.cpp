#include "engine/attack/channel.h"

#include <cmath>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/random.h"

namespace tessera::attack {
namespace {

TEST_CASE("an answer that is always the same tells nothing, and one for each secret tells all") {
  Channel mute, plain;
  for (int i = 0; i < 40; ++i) {
    mute.add(fmt::format("{}", i % 4), "same");
    plain.add(fmt::format("{}", i % 4), fmt::format("a{}", i % 4));
  }
  CHECK(mute.bits() == doctest::Approx(0));
  CHECK(mute.bits_bound(1) == doctest::Approx(0));
  CHECK(plain.bits() == doctest::Approx(2));
  CHECK(plain.bits_bound(1) == doctest::Approx(2));
  CHECK(plain.trials() == 40);
}

TEST_CASE("capacities that are known in closed form are found") {
  Channel flips, erases, z;
  for (int i = 0; i < 1000; ++i) {
    const bool wrong = i % 10 == 0;  // a tenth
    for (const int bit : {0, 1}) {
      flips.add(fmt::format("{}", bit), fmt::format("{}", wrong ? 1 - bit : bit));
      erases.add(fmt::format("{}", bit), wrong ? "?" : fmt::format("{}", bit));
    }
    z.add("0", "0");
    z.add("1", i % 2 == 0 ? "1" : "0");
  }
  const double h = -0.1 * std::log2(0.1) - 0.9 * std::log2(0.9);
  CHECK(flips.bits() == doctest::Approx(1 - h).epsilon(1e-4));
  CHECK(erases.bits() == doctest::Approx(0.9).epsilon(1e-4));
  CHECK(z.bits() == doctest::Approx(std::log2(1.25)).epsilon(1e-4));  // not at the even prior
}

TEST_CASE("few trials give a wide bound, many a narrow one") {
  const auto coin = [](int trials) {
    Channel c;
    Splitmix rng(5);
    for (int i = 0; i < trials; ++i)
      c.add(fmt::format("{}", i % 2), rng.chance(i % 2 == 0 ? 0.7 : 0.3) ? "yes" : "no");
    return c.bits_bound(1) - c.bits();
  };
  CHECK(coin(40) > 0.03);
  CHECK(coin(4000) < 0.03);
  CHECK(coin(4000) > 0);
}

}  // namespace
}  // namespace tessera::attack
