// The measures of pairs and clusters against counting by hand and pair by pair.
#include "engine/report/measures.h"

#include <cmath>

#include <doctest/doctest.h>

#include "people.h"

using namespace tessera::report;

namespace {

Measures measured(const People& people, std::vector<Pair> pairs,
                  std::span<const Grouping> groupings = {}) {
  Measures m;
  m.ground.true_pairs = true_pairs(people);
  m.ground.within = people.within;
  measure_pairs(m, pairs, people, groupings);
  return m;
}

// Persons 0..3 at two owners; record 7 is nobody, so that person 3 has no true pair.
const People kFour{{0, 1, 2, 3, 0, 1, 2, kNobody}, {0, 0, 0, 0, 1, 1, 1, 1}, false};

}  // namespace

TEST_CASE("rows are sifted, counted and judged") {
  const Measures m = measured(kFour, {{0, 4, 1, 0.99},
                                      {4, 0, 1, 0.99},  // again
                                      {1, 4, 1, 0.95},  // wrong, and 0 took 4 first
                                      {1, 5, 1, 0.92},
                                      {2, 3, 1, 0.97},   // inside one owner
                                      {3, 7, 1, 0.9}});  // nobody
  REQUIRE(m.pairs.has_value());
  CHECK(m.pairs->rows == 6);
  CHECK(m.pairs->sifted.repeated == 1);
  CHECK(m.pairs->sifted.within_owner == 1);
  CHECK(m.pairs->sifted.unjudged == 1);
  CHECK(m.pairs->judged == 3);
  CHECK(m.pairs->scored == Tally{2, 1, 1});
  CHECK(m.pairs->completeness == doctest::Approx(2.0 / 3));
  CHECK(m.pairs->ceiling == doctest::Approx(0.8));
  CHECK(m.pairs->all.best.tally == Tally{2, 1, 1});
  REQUIRE(m.pairs->assigned.has_value());
  CHECK(m.pairs->assigned->best.tally == Tally{2, 0, 1});
  CHECK(m.pairs->histogram.same.size() == 20);
}

TEST_CASE("where pairs inside one owner count nothing is assigned one to one") {
  People people = kFour;
  people.within = true;
  const Measures m = measured(people, {{0, 4, 1, 0.99}, {2, 3, 1, 0.97}});
  CHECK_FALSE(m.pairs->assigned.has_value());
  CHECK(m.pairs->judged == 2);
}

TEST_CASE("nothing that could be right leaves shares without a number") {
  const Measures m = measured({{0, 1}, {0, 1}, false}, {{0, 1, 1, 0.99}});
  CHECK(std::isnan(m.pairs->completeness));
  CHECK(std::isnan(m.pairs->ceiling));
  CHECK(m.pairs->scored == Tally{0, 1, 0});
}

TEST_CASE("groups are of the pairs accepted at the fixed threshold, after assignment") {
  const Grouping all{"all", {"everybody"}, std::vector<std::uint32_t>(8, 0)};
  const Grouping groupings[] = {all};
  const std::vector<Pair> pairs{
      {0, 4, 1, 0.99}, {1, 4, 1, 0.95}, {1, 5, 1, 0.92}, {2, 6, 1, 0.8999}};
  const Measures m = measured(kFour, pairs, groupings);
  REQUIRE(m.groups.size() == 1);
  REQUIRE(m.groups[0].rows.size() == 1);
  CHECK(m.groups[0].of == GroupsOf::pairs);
  CHECK(m.groups[0].rows[0].truth == 3);
  CHECK(m.groups[0].rows[0].accepted == 2);  // 1-4 lost to 0-4, 2-6 is below 0.9
  CHECK(m.groups[0].rows[0].right == 2);
  People within = kFour;
  within.within = true;
  CHECK(measured(within, pairs, groupings).groups[0].rows[0].accepted == 3);  // nothing is assigned
}

TEST_CASE("clusters bring their tally and their groups, after those of pairs") {
  const Grouping half{"half", {"low", "high"}, {0, 0, 1, 1, 0, 0, 1, 1}};
  const Grouping groupings[] = {half};
  Measures m = measured(kFour, {{0, 4, 1, 0.99}}, groupings);
  const std::vector<std::uint32_t> cluster{0, 0, 1, kAlone, 0, kAlone, 1, 1};
  measure_clusters(m, cluster, kFour, groupings);
  REQUIRE(m.clusters.has_value());
  CHECK(m.clusters->pairs == Tally{2, 1, 1});  // 0-4 and 2-6 are right, 1-4 is wrong, 1-5 missed
  REQUIRE(m.groups.size() == 2);
  CHECK(m.groups[1].of == GroupsOf::clusters);
  REQUIRE(m.groups[1].rows.size() == 2);
  CHECK(m.groups[1].rows[0].truth == 2);
  CHECK(m.groups[1].rows[0].accepted == 2);
  CHECK(m.groups[1].rows[0].right == 1);
  CHECK(m.groups[1].rows[1].accepted == 1);
  CHECK(m.groups[1].rows[1].right == 1);
}

TEST_CASE("the measures do not depend on the order of rows") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const People people = some_people(seed, 40, 3, seed % 2 == 0);
    std::vector<Pair> pairs = some_pairs(seed, people);
    const std::string once = to_table(measured(people, pairs));
    for (std::size_t i = 0; i < pairs.size() / 2; ++i)
      std::swap(pairs[i], pairs[pairs.size() - 1 - i]);
    CHECK(to_table(measured(people, pairs)) == once);
  }
}
