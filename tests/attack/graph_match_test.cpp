#include "engine/attack/graph_match.h"

#include <algorithm>

#include "engine/attack/trial.h"
#include "engine/attack/weak.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

TEST_CASE("a CLK under an unknown key is matched to its people by similarity alone") {
  const auto roster = test::draw(400);
  const Overlap data = overlap_of(test::usual(), roster, 1, 0, 1);
  const auto theirs = weak_rows(Weak::clk, test::usual(), data.victims, 1);
  const auto mine = weak_rows(Weak::clk, test::usual(), roster, 2);
  REQUIRE(theirs.has_value());
  REQUIRE(mine.has_value());
  CHECK_FALSE(std::equal(theirs->row(0), theirs->row(1), mine->row(data.truth[0])));
  Silent silent;
  const auto claims = match_graphs(Everywhere(*theirs), Everywhere(*mine), {}, silent);
  CHECK(count_right(claims, data.truth) >= 380);
}

TEST_CASE("a part of a roster is enough: what noise a part has was rehearsed") {
  const auto roster = test::draw(3000);
  const Overlap data = overlap_of(test::usual(), roster, 0.3, 0, 1);
  const auto theirs = weak_rows(Weak::clk, test::usual(), data.victims, 1);
  const auto mine = weak_rows(Weak::clk, test::usual(), roster, 2);
  REQUIRE(theirs.has_value());
  REQUIRE(mine.has_value());
  Silent silent;
  const auto claims = match_graphs(Everywhere(*theirs), Everywhere(*mine), {}, silent);
  CHECK(count_right(claims, data.truth) >= 850);  // of 900
}

// Similarities of unrelated random rows: two graphs with nothing in common.
TEST_CASE("graphs with nothing in common give nothing") {
  const auto noise = [](std::uint64_t seed) {
    bits::Matrix rows(300, 256);
    Splitmix rng(seed);
    for (std::size_t i = 0; i < rows.rows(); ++i) {
      for (std::size_t w = 0; w < rows.words(); ++w) rows.row(i)[w] = rng.next();
      rows.recount(i);
    }
    return rows;
  };
  const bits::Matrix a = noise(1), b = noise(2);
  std::vector<std::uint32_t> truth(300);
  for (std::uint32_t i = 0; i < 300; ++i) truth[i] = i;
  Silent silent;
  CHECK(count_right(match_graphs(Everywhere(a), Everywhere(b), {}, silent), truth) <= 6);
}

TEST_CASE("block-salted entries have next to no graph") {
  const auto roster = test::draw(400);
  const Overlap data = overlap_of(test::usual(), roster, 1, 0, 1);
  Silent silent;
  const Seen theirs = look_at(test::usual(), data.victims, 1, silent);
  const Seen mine = look_at(test::usual(), roster, 2, silent);
  const InBlocks graph(theirs);
  CHECK(graph.edges() < 60);
  CHECK(count_right(match_graphs(graph, InBlocks(mine), {}, silent), data.truth) <= 6);
}

TEST_CASE("claims name nobody twice, and small graphs are left alone") {
  const auto roster = test::draw(200);
  const auto rows = weak_rows(Weak::clk_fold, test::usual(), roster, 1);
  REQUIRE(rows.has_value());
  Silent silent;
  auto claims = match_graphs(Everywhere(*rows), Everywhere(*rows), {}, silent);
  std::erase(claims, kNoClaim);
  std::ranges::sort(claims);
  CHECK(std::ranges::adjacent_find(claims) == claims.end());
  const bits::Matrix one(1, 64);
  CHECK(match_graphs(Everywhere(one), Everywhere(*rows), {}, silent) ==
        std::vector<std::uint32_t>{kNoClaim});
}

}  // namespace
}  // namespace tessera::attack
