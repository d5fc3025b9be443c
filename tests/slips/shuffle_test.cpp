#include "engine/slips/shuffle.h"

#include <algorithm>
#include <map>

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("every order of four comes alike often") {
  const auto random = seeded_random(9);
  std::map<std::vector<std::uint32_t>, int> seen;
  constexpr int kDraws = 24000;
  for (int i = 0; i < kDraws; ++i) ++seen[slips::shuffled(4, *random)];
  REQUIRE(seen.size() == 24);
  double chi = 0;
  for (const auto& [order, n] : seen) chi += (n - 1000.0) * (n - 1000.0) / 1000.0;
  CHECK(chi < 60);  // 23 degrees of freedom: exceeded once in 40,000
}

TEST_CASE("orders of nothing and of one") {
  const auto random = seeded_random(1);
  CHECK(slips::shuffled(0, *random).empty());
  CHECK(slips::shuffled(1, *random) == std::vector<std::uint32_t>{0});
}
