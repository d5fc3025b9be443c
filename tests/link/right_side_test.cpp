#include "engine/link/right_side.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "tests/link/rows.h"

using namespace tessera;
using link::Comparator;
using link::RightSide;
using link::TilePlan;

TEST_CASE("few or many, from any place on: the patterns of the plain comparison") {
  const schema::Schema s = *schema::load("default");
  const Comparator comparator(s, 1, false);
  const TilePlan plan = TilePlan::of(comparator);
  TilePlan too_wide = plan;
  too_wide.usable = false;
  const test::Rows rows(s, 1, 140, 5);
  const std::span<const block::Entry> all(rows.entries());
  for (const TilePlan& p : {plan, too_wide}) {
    RightSide side(comparator, p, link::best_tile_kernel());
    for (const std::size_t n :
         {std::size_t{1}, RightSide::kFew - 1, RightSide::kFew, std::size_t{31}, std::size_t{32},
          std::size_t{33}, std::size_t{140}, std::size_t{2}}) {
      side.set(all.first(n));
      for (const std::size_t from : {std::size_t{0}, n / 3, n - 1, n}) {
        std::vector<std::uint32_t> plain;
        for (std::size_t i = from; i < n; ++i) plain.push_back(comparator.compare(all[7], all[i]));
        CHECK(std::ranges::equal(side.against(all[7], from), plain));
      }
    }
  }
}
