#include "engine/link/compete.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "engine/core/random.h"

using namespace tessera;
using link::Pair;

namespace {

double weight(const Pair& p) { return std::exp(p.logit / 10.0); }

// The formula, pair against pair: at each end the rivals are the pairs of that end's unit with the
// other end's group, the strongest one of each unit there.
std::vector<double> reference(const std::vector<Pair>& pairs,
                              const std::vector<std::uint32_t>& group,
                              const std::vector<std::uint32_t>& unit) {
  std::vector<double> out;
  for (const Pair& p : pairs) {
    double mass = weight(p);
    if (group[p.a] != group[p.b])
      for (const auto& [here, there] : {std::pair{p.a, p.b}, std::pair{p.b, p.a}}) {
        std::map<std::uint32_t, double> rivals;
        for (const Pair& q : pairs) {
          if (group[q.a] == group[q.b]) continue;
          for (const auto& [x, y] : {std::pair{q.a, q.b}, std::pair{q.b, q.a}})
            if (unit[x] == unit[here] && group[y] == group[there])
              rivals[unit[y]] = std::max(rivals[unit[y]], weight(q));
        }
        double sum = 0;
        for (const auto& [u, w] : rivals) sum += w;
        mass = std::max(mass, sum);
      }
    out.push_back(weight(p) / (1 + mass));
  }
  return out;
}

Pair pair(std::uint32_t a, std::uint32_t b, int logit) {
  return {a, b, static_cast<link::Decinats>(logit), 0, 0};
}

}  // namespace

TEST_CASE("probabilities after competition are those of the plain formula") {
  Splitmix random(6);
  for (int round = 0; round < 60; ++round) {
    const auto n = static_cast<std::uint32_t>(4 + random.below(14));
    std::vector<std::uint32_t> group;
    for (std::uint32_t i = 0; i < n; ++i)
      group.push_back(static_cast<std::uint32_t>(random.below(4)));
    std::vector<std::uint32_t> own;
    for (std::uint32_t i = 0; i < n; ++i) own.push_back(i);
    std::vector<std::uint32_t> unit = own;  // some records of one group are one person
    for (std::uint32_t i = 1; i < n; ++i)
      if (random.chance(0.3))
        for (std::uint32_t j = 0; j < i; ++j)
          if (group[j] == group[i]) unit[i] = unit[j];
    std::vector<Pair> pairs;
    for (std::uint32_t a = 0; a < n; ++a)
      for (std::uint32_t b = a + 1; b < n; ++b)
        if (random.chance(0.5))
          pairs.push_back(pair(a, b, static_cast<int>(random.below(200)) - 60));
    for (const auto& units : {own, unit}) {
      const auto expected = reference(pairs, group, units);
      for (const std::size_t threads : {1U, 4U}) {
        set_threads(threads);
        const auto found =
            units == own ? link::compete(pairs, group) : link::compete(pairs, group, units);
        REQUIRE(found.size() == pairs.size());
        for (std::size_t i = 0; i < pairs.size(); ++i)
          CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-5));
      }
      set_threads(0);
    }
  }
}

TEST_CASE("two equally good candidates are each at best a coin's toss") {
  const std::vector<std::uint32_t> group{0, 1, 1};
  const std::vector<Pair> pairs{pair(0, 1, 150), pair(0, 2, 150)};
  for (const float p : link::compete(pairs, group)) CHECK(p == doctest::Approx(0.5).epsilon(1e-4));
  // In files of their own both may be right.
  const std::vector<std::uint32_t> files{0, 1, 2};
  for (const float p : link::compete(pairs, files)) CHECK(p > 0.999F);
  // Two stored records of one person are one rival.
  const std::vector<std::uint32_t> unit{0, 1, 1};
  for (const float p : link::compete(pairs, group, unit)) CHECK(p > 0.999F);
}

TEST_CASE("a pair alone keeps its probability, and competition never raises one") {
  CHECK(link::compete(std::vector<Pair>{pair(0, 1, 22)}, std::vector<std::uint32_t>{0, 1})[0] ==
        doctest::Approx(link::probability_of(22)));
  CHECK(link::probability_of(0) == doctest::Approx(0.5));
  CHECK(link::probability_of(-400) < 1e-15);
  CHECK(link::compete({}, {}).empty());
  Splitmix random(1);
  std::vector<Pair> pairs;
  std::vector<std::uint32_t> group;
  for (std::uint32_t i = 0; i < 40; ++i) group.push_back(i / 20);
  for (std::uint32_t a = 0; a < 20; ++a)
    for (std::uint32_t b = 20; b < 40; ++b)
      if (random.chance(0.2))
        pairs.push_back(pair(a, b, static_cast<int>(random.below(801)) - 400));
  const auto p = link::compete(pairs, group);
  for (std::size_t i = 0; i < p.size(); ++i) {
    CHECK(p[i] <= link::probability_of(pairs[i].logit) + 1e-6);
    CHECK(std::isfinite(p[i]));
  }
}

TEST_CASE("rows of one file that look alike do not compete with each other") {
  const std::vector<std::uint32_t> group{0, 0, 0};
  const std::vector<Pair> pairs{pair(0, 1, 80), pair(0, 2, 80)};
  for (const float p : link::compete(pairs, group)) CHECK(p > 0.999F);
}
