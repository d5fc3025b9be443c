#include "engine/report/groups.h"

#include <doctest/doctest.h>

#include "people.h"

using namespace tessera::report;

TEST_CASE("a pair belongs to a value if both records have it, else to mixed") {
  // Persons 0..3 at two owners; values f f m m | f m m (person 3 is f at one and m at the other).
  const People people{{0, 1, 2, 3, 0, 1, 2, 3}, {0, 0, 0, 0, 1, 1, 1, 1}, false};
  const Grouping sex{"sex", {"f", "m", "not given"}, {0, 0, 1, 0, 0, 0, 1, 1}};
  const std::vector<Pair> accepted{
      {0, 4, 0, 1}, {1, 5, 0, 1}, {1, 4, 0, 1}, {2, 7, 0, 1}, {3, 7, 0, 1}};
  const GroupTable t = tally_groups(sex, accepted, people);
  REQUIRE(t.rows.size() == 3);  // nobody is "not given"
  CHECK(t.rows[0].value == "f");
  CHECK(t.rows[0].truth == 2);
  CHECK(t.rows[0].accepted == 3);
  CHECK(t.rows[0].right == 2);
  CHECK(t.rows[1].value == "m");
  CHECK(t.rows[1].truth == 1);
  CHECK(t.rows[1].accepted == 1);
  CHECK(t.rows[1].right == 0);
  CHECK(t.rows[2].value == "mixed");
  CHECK(t.rows[2].truth == 1);
  CHECK(t.rows[2].accepted == 1);
  CHECK(t.rows[2].right == 1);
  CHECK_FALSE(t.rows[0].shows_recall());
}

TEST_CASE("groups add up to the whole and agree with looking at every pair") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const People people = some_people(seed, 30, 3, seed % 2 == 0);
    std::vector<Pair> pairs = some_pairs(seed, people);
    sift(pairs, people);
    tessera::Splitmix random(seed);
    Grouping g{"colour", {"blue", "green", "not given"}, {}};
    for (std::size_t i = 0; i < people.person.size(); ++i)
      g.value.push_back(static_cast<std::uint32_t>(random.below(3)));
    const GroupTable t = tally_groups(g, pairs, people);
    std::uint64_t truth = 0;
    std::uint64_t accepted = 0;
    for (const GroupRow& row : t.rows) {
      truth += row.truth;
      accepted += row.accepted;
      std::uint64_t plain = 0;
      for (std::uint32_t a = 0; a < people.person.size(); ++a)
        for (std::uint32_t b = a + 1; b < people.person.size(); ++b) {
          const std::string& value = g.value[a] == g.value[b] ? g.values[g.value[a]] : "mixed";
          if (people.known(a, b) && people.counts(a, b) && people.same(a, b) && value == row.value)
            ++plain;
        }
      CHECK(row.truth == plain);
    }
    CHECK(truth == true_pairs(people));
    CHECK(accepted == pairs.size());
  }
}

TEST_CASE("groups of clusters agree with going through all their pairs") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    const People people = some_people(seed, 40, 3, seed % 2 == 0);
    tessera::Splitmix random(seed);
    Grouping g{"colour", {"blue", "green", "not given"}, {}};
    std::vector<std::uint32_t> cluster;
    for (std::size_t i = 0; i < people.person.size(); ++i) {
      g.value.push_back(static_cast<std::uint32_t>(random.below(3)));
      cluster.push_back(random.chance(0.2) ? kAlone : static_cast<std::uint32_t>(random.below(12)));
    }
    std::vector<Pair> pairs;
    for (std::uint32_t a = 0; a < cluster.size(); ++a)
      for (std::uint32_t b = a + 1; b < cluster.size(); ++b)
        if (cluster[a] == cluster[b] && cluster[a] != kAlone) pairs.push_back({a, b, 0, 1});
    sift(pairs, people);
    const GroupTable plain = tally_groups(g, pairs, people);
    const GroupTable t = tally_groups(g, cluster, people);
    CHECK(t.of == GroupsOf::clusters);
    CHECK(plain.of == GroupsOf::pairs);
    REQUIRE(t.rows.size() == plain.rows.size());
    for (std::size_t i = 0; i < t.rows.size(); ++i) {
      CHECK(t.rows[i].value == plain.rows[i].value);
      CHECK(t.rows[i].truth == plain.rows[i].truth);
      CHECK(t.rows[i].accepted == plain.rows[i].accepted);
      CHECK(t.rows[i].right == plain.rows[i].right);
      CHECK(t.rows[i].recall_bounds.low == plain.rows[i].recall_bounds.low);
      CHECK(t.rows[i].precision_bounds.high == plain.rows[i].precision_bounds.high);
    }
  }
}
