#include "engine/cluster/groups.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include <doctest/doctest.h>

#include "engine/core/random.h"

using namespace tessera;
using cluster::Candidate;
using cluster::GroupRules;

namespace {

std::vector<std::uint32_t> own_groups(std::uint32_t n) {
  std::vector<std::uint32_t> group(n);
  std::iota(group.begin(), group.end(), 0U);
  return group;
}

std::vector<Candidate> random_links(Splitmix& random, std::uint32_t records, double density) {
  std::vector<Candidate> out;
  for (std::uint32_t a = 0; a < records; ++a)
    for (std::uint32_t b = a + 1; b < records; ++b)
      if (random.chance(density))
        out.push_back({a, b, static_cast<std::int16_t>(static_cast<int>(random.below(200)) - 60)});
  return out;
}

using Roots = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("clusters are a partition named by its smallest record, and the rules hold") {
  Splitmix random(4);
  for (int round = 0; round < 100; ++round) {
    const auto n = static_cast<std::uint32_t>(2 + random.below(30));
    std::vector<std::uint32_t> group;
    for (std::uint32_t i = 0; i < n; ++i)
      group.push_back(static_cast<std::uint32_t>(random.below(4)));
    const auto links = random_links(random, n, 0.3);
    const GroupRules rules{.threshold = 10, .one_per_group = true, .unseen = -20};
    const Roots root = cluster::clusters(links, group, rules);
    REQUIRE(root.size() == n);
    std::map<std::uint32_t, std::vector<std::uint32_t>> members;
    for (std::uint32_t i = 0; i < n; ++i) {
      CHECK(root[i] <= i);
      CHECK(root[root[i]] == root[i]);
      members[root[i]].push_back(i);
    }
    for (const auto& [first, all] : members) {
      CHECK(first == all.front());
      std::set<std::uint32_t> groups;
      for (const std::uint32_t x : all) CHECK(groups.insert(group[x]).second);
      if (all.size() < 2) continue;
      // Every member of a cluster came in by a link of at least the threshold.
      for (const std::uint32_t x : all)
        CHECK(std::ranges::any_of(links, [&](const Candidate& c) {
          return c.logit >= rules.threshold && (c.a == x || c.b == x) && root[c.a] == first &&
                 root[c.b] == first;
        }));
    }
  }
}

TEST_CASE("without a constraint a cluster may hold two records of a group") {
  const std::vector<Candidate> links{{0, 1, 80}, {0, 2, 80}, {1, 2, 80}};
  const std::vector<std::uint32_t> group{0, 1, 1};
  CHECK(cluster::clusters(links, group, {}) == Roots{0, 0, 2});
  CHECK(cluster::clusters(links, group, {.one_per_group = false}) == Roots{0, 0, 0});
}

TEST_CASE("a link below the threshold joins nobody") {
  const auto group = own_groups(2);
  CHECK(cluster::clusters(std::vector<Candidate>{{0, 1, 21}}, group, {}) == Roots{0, 1});
  CHECK(cluster::clusters(std::vector<Candidate>{{0, 1, 22}}, group, {}) == Roots{0, 0});
}

// Ana of district 0 and Eva of district 1 were born on one day in one family; each also stands,
// rightly, in district 2 or 3. One wrong link between twins must not make one person of four
// records.
TEST_CASE("twins: no chain from one to the other") {
  const std::vector<std::uint32_t> group{0, 1, 2, 3};
  const std::vector<Candidate> links{{0, 1, 30},   // Ana - Eva: the slip
                                     {0, 2, 120},  // Ana - Ana
                                     {0, 3, -80},  // Ana - Eva
                                     {1, 2, -80},  // Eva - Ana
                                     {1, 3, 120},  // Eva - Eva
                                     {2, 3, -80}};
  CHECK(cluster::clusters(links, group, {}) == Roots{0, 1, 0, 1});
}

TEST_CASE("siblings who never met in a pass stay apart, though one record is near to both") {
  // 0 and 1 are the elder twice, 3 the younger; 2 has the elder's name and the younger's birth
  // year.
  const std::vector<std::uint32_t> group{0, 1, 2, 3};
  const std::vector<Candidate> links{{0, 1, 110}, {0, 2, 40}, {1, 2, 40}, {2, 3, 25}};
  // 3 would come in by 25 against two pairs that no pass compared.
  CHECK(cluster::clusters(links, group, {}) == Roots{0, 0, 0, 3});
}

TEST_CASE("two strangers of one name and one birth day in one district are two clusters") {
  const std::vector<std::uint32_t> group{0, 0, 1};
  const std::vector<Candidate> links{{0, 2, 90}, {1, 2, 90}};
  const Roots root = cluster::clusters(links, group, {});
  CHECK(root == Roots{0, 1, 0});  // a tie goes to the smaller records, always the same way
}

TEST_CASE("a hyphenated family: the two surnames do not bridge two cousins") {
  // 0 GARCIA, 1 GARCIA LOPEZ, 2 LOPEZ, 3 LOPEZ: born on one day; 1 shares a part with either side.
  const std::vector<std::uint32_t> group{0, 1, 2, 3};
  const std::vector<Candidate> links{{0, 1, 60}, {0, 2, -90}, {0, 3, -90},
                                     {1, 2, 45}, {1, 3, 45},  {2, 3, 130}};
  CHECK(cluster::clusters(links, group, {}) == Roots{0, 0, 2, 2});
}

TEST_CASE("a shared SSN: the parent's number, typed for two children, makes no one of them") {
  // 0 and 1 the elder, 2 and 3 the younger, each twice; the mother's number stands in 1 and 2, with
  // other first names and birthdays: strong for the number, held down by the rest.
  const std::vector<std::uint32_t> group{0, 1, 2, 3};
  const std::vector<Candidate> links{{0, 1, 120}, {0, 2, -70}, {0, 3, -90},
                                     {1, 2, 35},  {1, 3, -70}, {2, 3, 120}};
  CHECK(cluster::clusters(links, group, {}) == Roots{0, 0, 2, 2});
}

TEST_CASE("a shared SSN does not draw in a record that met nobody else") {
  // 2 met 1 by the number alone, and 0 in no pass.
  const std::vector<std::uint32_t> group{0, 1, 2};
  CHECK(cluster::clusters(std::vector<Candidate>{{0, 1, 120}, {0, 2, -60}, {1, 2, 50}}, group,
                          {}) == Roots{0, 0, 2});
  // With one name and no more against it, as of a wage record, it belongs.
  CHECK(cluster::clusters(std::vector<Candidate>{{0, 1, 120}, {1, 2, 50}}, group, {}) ==
        Roots{0, 0, 0});
}

TEST_CASE("a long chain of fair links is no person") {
  const std::uint32_t n = 12;
  std::vector<Candidate> links;
  for (std::uint32_t i = 0; i + 1 < n; ++i) links.push_back({i, i + 1, 30});
  const Roots root = cluster::clusters(links, own_groups(n), {});
  std::map<std::uint32_t, int> size;
  for (const std::uint32_t r : root) ++size[r];
  for (const auto& [r, s] : size) CHECK(s <= 3);
}

TEST_CASE("a person in many files is one cluster though some pairs were never compared") {
  const std::uint32_t n = 6;
  std::vector<Candidate> links;
  for (std::uint32_t a = 0; a < n; ++a)
    for (std::uint32_t b = a + 1; b < n; ++b)
      if ((a + b) % 3 != 0) links.push_back({a, b, 90});
  CHECK(cluster::clusters(links, own_groups(n), {}) == Roots(n, 0));
}

TEST_CASE("the order in which links are given does not matter") {
  Splitmix random(77);
  for (int round = 0; round < 60; ++round) {
    const std::uint32_t n = 16;
    auto links = random_links(random, n, 0.4);
    for (Candidate& c : links) c.logit = static_cast<std::int16_t>(c.logit / 20 * 20);  // many ties
    const Roots root = cluster::clusters(links, own_groups(n), {.threshold = 0});
    for (std::size_t i = links.size(); i > 1; --i) std::swap(links[i - 1], links[random.below(i)]);
    CHECK(cluster::clusters(links, own_groups(n), {.threshold = 0}) == root);
  }
}

TEST_CASE("no links, nobody joined") {
  CHECK(cluster::clusters({}, own_groups(3), {}) == Roots{0, 1, 2});
}
