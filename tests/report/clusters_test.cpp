#include "engine/report/clusters.h"

#include <map>
#include <set>

#include <doctest/doctest.h>

#include "people.h"

using namespace tessera::report;

TEST_CASE("clusters worked by hand") {
  // Person 0: records 0, 1 (found); person 1: 2, 3, 4 (4 lost); person 2: 5 in with person 3: 6.
  const People people{{0, 0, 1, 1, 1, 2, 3, kNobody}, {0, 1, 0, 1, 2, 0, 1, 1}, false};
  const std::uint32_t cluster[] = {7, 7, 8, 8, kAlone, 9, 9, 9};
  const ClusterTally t = tally_clusters(cluster, people);
  CHECK(t.pairs == Tally{2, 1, 2});
  CHECK(t.exact == Tally{1, 2, 1});
  CHECK(t.clusters == 3);
  CHECK(t.mixed == 1);
  CHECK(t.persons == 4);
  CHECK(t.split == 1);
}

TEST_CASE("clusters agree with looking at every pair") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const People people = some_people(seed, 26, 3, seed % 2 == 0);
    tessera::Splitmix random(seed + 1000);
    std::vector<std::uint32_t> cluster;
    for (std::size_t i = 0; i < people.person.size(); ++i)
      cluster.push_back(random.below(4) == 0 ? kAlone
                                             : static_cast<std::uint32_t>(random.below(12)));
    Tally pairs;
    for (std::uint32_t a = 0; a < cluster.size(); ++a)
      for (std::uint32_t b = a + 1; b < cluster.size(); ++b) {
        if (!people.known(a, b) || !people.counts(a, b)) continue;
        const bool found = cluster[a] != kAlone && cluster[a] == cluster[b];
        if (found)
          ++(people.same(a, b) ? pairs.right : pairs.wrong);
        else if (people.same(a, b))
          ++pairs.missed;
      }
    std::map<std::uint32_t, std::set<std::uint32_t>> found;
    std::map<std::uint32_t, std::set<std::uint32_t>> true_sets;
    std::map<std::uint32_t, std::set<std::uint32_t>> places;
    for (std::uint32_t i = 0; i < cluster.size(); ++i) {
      if (people.person[i] == kNobody) continue;
      const std::uint32_t at = cluster[i] == kAlone ? 1000 + i : cluster[i];
      found[at].insert(i);
      true_sets[people.person[i]].insert(i);
      places[people.person[i]].insert(at);
    }
    Tally exact;
    std::uint64_t split = 0;
    for (const auto& [at, members] : found) {
      if (members.size() < 2) continue;
      ++(true_sets[people.person[*members.begin()]] == members ? exact.right : exact.wrong);
    }
    for (const auto& [person, members] : true_sets)
      if (members.size() >= 2) ++exact.missed;
    exact.missed -= exact.right;
    for (const auto& [person, at] : places)
      if (at.size() > 1) ++split;
    const ClusterTally t = tally_clusters(cluster, people);
    CHECK(t.pairs == pairs);
    CHECK(t.exact == exact);
    CHECK(t.split == split);
    CHECK(t.persons == true_sets.size());
  }
}
