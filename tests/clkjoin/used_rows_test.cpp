#include "engine/clkjoin/used_rows.h"

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::clkjoin;

TEST_CASE("rows that occur have places in their order, and back, whatever their numbers") {
  UsedRows used;
  const std::vector<Pair> pairs{{.9, 0, 1, 40000000, 7}, {.8, 0, 1, 3, 7}, {.8, 0, 3, 40000000, 0}};
  REQUIRE(used.add(pairs));
  used.finish();
  CHECK(used.counts() == std::vector<std::uint32_t>{2, 1, 0, 1});
  CHECK(used.place(0, 3) == 0);
  CHECK(used.place(0, 40000000) == 1);
  CHECK(used.place(1, 7) == 0);
  CHECK(used.place(3, 0) == 0);
  CHECK(used.row(0, 1) == 40000000);
  CHECK(used.row(1, 0) == 7);
  CHECK_FALSE(used.add(std::vector<Pair>{{.5, 0, 64, 1, 1}}));
}

TEST_CASE("many pairs of few rows are kept as few") {
  UsedRows used;
  std::vector<Pair> pairs;
  for (std::uint32_t i = 0; i < 1500000; ++i)
    pairs.push_back({.5, 0, 0, i % 1000 * 1000, 999000 - i % 10 * 1000});
  REQUIRE(used.add(pairs));
  REQUIRE(used.add(pairs));
  used.finish();
  CHECK(used.counts() == std::vector<std::uint32_t>{1000});
  for (std::uint32_t p = 0; p < 1000; ++p) {
    CHECK(used.row(0, p) == p * 1000);
    CHECK(used.place(0, p * 1000) == p);
  }
}
