#include "engine/cluster/assignment.h"

#include <algorithm>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "engine/core/random.h"

using namespace tessera;
using cluster::Candidate;

namespace {

// The best sum that any choice of candidates reaches, by trying them all. One pair of groups.
std::int64_t best_sum(std::span<const Candidate> candidates, std::size_t from,
                      std::set<std::uint32_t>& used) {
  if (from == candidates.size()) return 0;
  std::int64_t best = best_sum(candidates, from + 1, used);
  const Candidate& c = candidates[from];
  if (!used.contains(c.a) && !used.contains(c.b)) {
    used.insert({c.a, c.b});
    best = std::max(best, c.logit + best_sum(candidates, from + 1, used));
    used.erase(c.a);
    used.erase(c.b);
  }
  return best;
}

std::int64_t sum_of(std::span<const Candidate> candidates, std::span<const std::uint32_t> chosen) {
  std::int64_t sum = 0;
  for (const std::uint32_t i : chosen) sum += candidates[i].logit;
  return sum;
}

bool one_partner_per_group(std::span<const Candidate> candidates,
                           std::span<const std::uint32_t> chosen,
                           std::span<const std::uint32_t> group) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
  return std::ranges::all_of(chosen, [&](std::uint32_t i) {
    const Candidate& c = candidates[i];
    return seen.emplace(c.a, group[c.b]).second && seen.emplace(c.b, group[c.a]).second;
  });
}

std::vector<std::uint32_t> two_groups(std::uint32_t left, std::uint32_t right) {
  std::vector<std::uint32_t> group(left, 0);
  group.resize(left + right, 1);
  return group;
}

}  // namespace

TEST_CASE("the assignment is the best of all, for small random problems") {
  Splitmix random(3);
  for (int round = 0; round < 400; ++round) {
    const auto left = static_cast<std::uint32_t>(1 + random.below(6));
    const auto right = static_cast<std::uint32_t>(1 + random.below(6));
    const auto group = two_groups(left, right);
    std::vector<Candidate> candidates;
    const double density = 0.2 + 0.8 * random.uniform();
    for (std::uint32_t a = 0; a < left; ++a)
      for (std::uint32_t b = 0; b < right && candidates.size() < 18; ++b)
        if (random.chance(density))
          candidates.push_back(
              {a, left + b, static_cast<std::int16_t>(static_cast<int>(random.below(60)) - 15)});
    const auto chosen = cluster::assign(candidates, group);
    CHECK(std::ranges::is_sorted(chosen));
    CHECK(one_partner_per_group(candidates, chosen, group));
    for (const std::uint32_t i : chosen) CHECK(candidates[i].logit > 0);
    std::set<std::uint32_t> used;
    CHECK(sum_of(candidates, chosen) == best_sum(candidates, 0, used));
  }
}

TEST_CASE("the strongest link is not always the best choice") {
  // Greedy takes 0-2 (100) and leaves 1 and 3 alone; the best gives both a partner.
  const std::vector<std::uint32_t> group{0, 0, 1, 1};
  const std::vector<Candidate> candidates{{0, 2, 100}, {0, 3, 90}, {1, 2, 90}};
  CHECK(cluster::assign(candidates, group) == std::vector<std::uint32_t>{1, 2});
}

TEST_CASE("a link that is as likely as not is not chosen") {
  const std::vector<std::uint32_t> group{0, 1};
  CHECK(cluster::assign(std::vector<Candidate>{{0, 1, 0}}, group).empty());
  CHECK(cluster::assign(std::vector<Candidate>{{0, 1, -5}}, group).empty());
  CHECK(cluster::assign(std::vector<Candidate>{{0, 1, 1}}, group).size() == 1);
  CHECK(cluster::assign({}, group).empty());
}

TEST_CASE("a record may have a partner in each other group") {
  const std::vector<std::uint32_t> group{0, 1, 2};
  const std::vector<Candidate> candidates{{0, 1, 50}, {0, 2, 50}, {1, 2, 50}};
  CHECK(cluster::assign(candidates, group).size() == 3);
}

TEST_CASE("several groups: each pair of groups is a problem of its own") {
  Splitmix random(8);
  for (int round = 0; round < 60; ++round) {
    std::vector<std::uint32_t> group;
    for (std::uint32_t g = 0; g < 4; ++g)
      for (std::uint64_t i = 0; i <= random.below(4); ++i) group.push_back(g);
    std::vector<Candidate> candidates;
    for (std::uint32_t a = 0; a < group.size(); ++a)
      for (std::uint32_t b = a + 1; b < group.size(); ++b)
        if (group[a] != group[b] && random.chance(0.5))
          candidates.push_back({a, b, static_cast<std::int16_t>(1 + random.below(80))});
    const auto chosen = cluster::assign(candidates, group);
    CHECK(one_partner_per_group(candidates, chosen, group));
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<Candidate>> parts;
    for (const Candidate& c : candidates) parts[{group[c.a], group[c.b]}].push_back(c);
    std::int64_t best = 0;
    for (const auto& [groups, part] : parts) {
      std::set<std::uint32_t> used;
      best += best_sum(part, 0, used);
    }
    CHECK(sum_of(candidates, chosen) == best);
  }
}

TEST_CASE("a component above the limit takes its best links first, and still one each") {
  const std::uint32_t side = cluster::kLargestExact / 2 + 1;
  const auto group = two_groups(side, side);
  std::vector<Candidate> candidates;
  Splitmix random(2);
  for (std::uint32_t a = 0; a < side; ++a)  // a ladder: one component of more than the limit
    for (std::uint32_t b = a; b < std::min(a + 2, side); ++b)
      candidates.push_back({a, side + b, static_cast<std::int16_t>(1 + random.below(100))});
  const auto chosen = cluster::assign(candidates, group);
  CHECK(one_partner_per_group(candidates, chosen, group));
  // Greedy: nothing left out is stronger than all that stood in its way.
  for (std::uint32_t i = 0; i < candidates.size(); ++i) {
    if (std::ranges::binary_search(chosen, i)) continue;
    CHECK(std::ranges::any_of(chosen, [&](std::uint32_t j) {
      const bool meet = candidates[j].a == candidates[i].a || candidates[j].b == candidates[i].b;
      return meet && candidates[j].logit >= candidates[i].logit;
    }));
  }
}

TEST_CASE("components far apart do not touch each other") {
  // The same small problem many times over, with other records in between.
  std::vector<std::uint32_t> group;
  std::vector<Candidate> candidates;
  for (std::uint32_t k = 0; k < 100; ++k) {
    const std::uint32_t at = 4 * k;
    for (const std::uint32_t g : {0U, 0U, 1U, 1U}) group.push_back(g);
    candidates.push_back({at, at + 2, 100});
    candidates.push_back({at, at + 3, 90});
    candidates.push_back({at + 1, at + 2, 90});
  }
  const auto chosen = cluster::assign(candidates, group);
  REQUIRE(chosen.size() == 200);
  for (std::uint32_t k = 0; k < 100; ++k) {
    CHECK(chosen[2 * k] == 3 * k + 1);
    CHECK(chosen[2 * k + 1] == 3 * k + 2);
  }
}

TEST_CASE("how groups are numbered does not matter") {
  Splitmix random(21);
  for (int round = 0; round < 50; ++round) {
    const auto group = two_groups(5, 5);
    std::vector<std::uint32_t> turned;
    for (const std::uint32_t g : group) turned.push_back(9 - g);
    std::vector<Candidate> candidates;
    for (std::uint32_t a = 0; a < 5; ++a)
      for (std::uint32_t b = 5; b < 10; ++b)
        if (random.chance(0.6))
          candidates.push_back({a, b, static_cast<std::int16_t>(1 + random.below(2000))});
    CHECK(sum_of(candidates, cluster::assign(candidates, group)) ==
          sum_of(candidates, cluster::assign(candidates, turned)));
  }
}
