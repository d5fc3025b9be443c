#include "engine/attack/trial.h"

#include <set>

#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

TEST_CASE("an overlap holds so many of the roster, in an order of its own, and its decoys") {
  const auto roster = test::draw(400);
  const Overlap half = overlap_of(test::usual(), roster, 0.5, 0.1, 1);
  CHECK(half.real == 200);
  CHECK(half.victims.size() == 220);
  std::set<std::uint32_t> seen;
  std::size_t decoys = 0, in_place = 0;
  for (std::uint32_t i = 0; i < half.truth.size(); ++i) {
    if (half.truth[i] == kNoClaim) {
      ++decoys;
      continue;
    }
    CHECK(half.victims[i].local_id == roster[half.truth[i]].local_id);
    CHECK(seen.insert(half.truth[i]).second);
    in_place += half.truth[i] == i;
  }
  CHECK(decoys == 20);
  CHECK(in_place < 10);
}

TEST_CASE("of several seeds the worst stands, with its bound") {
  Silent silent;
  const Plan plan;
  Trial trial(test::usual(), test::tables(), plan, silent);
  const Finding f{.id = "P3", .attack = "a", .target = "t", .setting = "s", .bar = 0.05};
  trial.add_share(f, 2, 100);
  trial.add_share(f, 7, 100);
  trial.add_share(f, 3, 100);
  REQUIRE(trial.findings.size() == 1);
  CHECK(trial.findings[0].right == 7);
  CHECK(trial.findings[0].bound > 0.07);
  CHECK_FALSE(trial.findings[0].met());
  Finding control = f;
  control.control = true;
  control.target = "clk";
  trial.add_share(control, 90, 100);
  CHECK(trial.findings[1].bound < 0.9);
  CHECK(trial.findings[1].met());
}

TEST_CASE("pooled seeds are added up, and may not be above chance, however few are right") {
  Silent silent;
  const Plan plan;
  Trial trial(test::usual(), test::tables(), plan, silent);
  Finding f{.id = "P1", .attack = "tags", .target = "t", .setting = "s", .bar = 0.001};
  f.pooled = true;
  f.chance = 2;
  trial.add_share(f, 3, 10000);
  trial.add_share(f, 1, 10000);
  REQUIRE(trial.findings.size() == 1);
  CHECK(trial.findings[0].right == 4);
  CHECK(trial.findings[0].of == 20000);
  CHECK(trial.findings[0].chance == 4);
  CHECK(trial.findings[0].met());
  f.attack = "filters";
  f.chance = 0.1;  // five by three seeds are far more than .3
  for (const std::uint64_t right : {2U, 1U, 2U}) trial.add_share(f, right, 10000);
  CHECK(trial.findings[1].right == 5);
  CHECK_FALSE(trial.findings[1].met());
}

TEST_CASE("right claims are counted, and no claim is never right") {
  const std::vector<std::uint32_t> claims{1, kNoClaim, 3, kNoClaim};
  const std::vector<std::uint32_t> truth{1, 2, 2, kNoClaim};
  CHECK(count_right(claims, truth) == 1);
}

}  // namespace
}  // namespace tessera::attack
