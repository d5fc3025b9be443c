#include "engine/report/one_to_one.h"

#include <set>

#include <doctest/doctest.h>

#include "people.h"

using namespace tessera::report;

TEST_CASE("the better pair takes both ends") {
  const People people{{0, 1, 0, 1}, {0, 0, 1, 1}, false};
  std::vector<Pair> pairs{{0, 2, 5, 0.9}, {0, 3, 9, 0.8}, {1, 2, 9, 0.7}, {1, 3, 1, 0.1}};
  sift(pairs, people);
  const std::vector<Pair> out = one_to_one(pairs, people);
  REQUIRE(out.size() == 2);
  CHECK(out[0].right == 2);
  CHECK(out[1].left == 1);
  CHECK(out[1].right == 3);
}

TEST_CASE("among three owners a record may meet one of each") {
  const People people{{0, 0, 0, 1}, {0, 1, 2, 2}, false};
  std::vector<Pair> pairs{{0, 1, 0, 0.9}, {0, 2, 0, 0.8}, {0, 3, 0, 0.7}, {1, 3, 0, 0.6}};
  sift(pairs, people);
  const std::vector<Pair> out = one_to_one(pairs, people);
  REQUIRE(out.size() == 3);  // 0-3 is refused: record 0 has its record of owner 2
  CHECK(out[2].left == 1);
}

TEST_CASE("equal scores fall to the lower record keys, whatever the order and direction") {
  const People people{{0, 1, 0, 1}, {0, 0, 1, 1}, false};
  std::vector<Pair> pairs{{3, 1, 0, 0.5}, {2, 1, 0, 0.5}, {3, 0, 0, 0.5}, {2, 0, 0, 0.5}};
  sift(pairs, people);
  const std::vector<Pair> out = one_to_one(pairs, people);
  REQUIRE(out.size() == 2);
  CHECK((out[0].left == 0 && out[0].right == 2));
  CHECK((out[1].left == 1 && out[1].right == 3));
}

TEST_CASE("agrees with a plain set of taken ends") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const People people =
        some_people(seed, 20, 2 + static_cast<std::uint32_t>(seed % 3), seed % 4 == 0);
    std::vector<Pair> pairs = some_pairs(seed, people);
    sift(pairs, people);
    std::set<std::pair<std::uint32_t, std::uint32_t>> taken;
    std::vector<Pair> plain;
    for (const Pair& p : pairs) {
      const std::pair a{p.left, people.owner[p.right]};
      const std::pair b{p.right, people.owner[p.left]};
      if (taken.contains(a) || taken.contains(b)) continue;
      taken.insert(a);
      taken.insert(b);
      plain.push_back(p);
    }
    const std::vector<Pair> fast = one_to_one(pairs, people);
    REQUIRE(fast.size() == plain.size());
    for (std::size_t i = 0; i < fast.size(); ++i) {
      CHECK(fast[i].left == plain[i].left);
      CHECK(fast[i].right == plain[i].right);
    }
  }
}
