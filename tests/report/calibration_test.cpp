#include "engine/report/calibration.h"

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "people.h"

using namespace tessera::report;

namespace {

// Pairs 2i, 2i+1 of which every one whose bit is set is true.
struct Given {
  People people;
  std::vector<Pair> pairs;
};
Given given(const std::vector<std::pair<double, bool>>& scored) {
  Given out;
  for (std::uint32_t i = 0; i < scored.size(); ++i) {
    out.people.person.insert(out.people.person.end(),
                             {2 * i, scored[i].second ? 2 * i : 2 * i + 1});
    out.people.owner.insert(out.people.owner.end(), {0, 1});
    out.pairs.push_back({2 * i, 2 * i + 1, 0, scored[i].first});
  }
  sift(out.pairs, out.people);
  return out;
}

}  // namespace

TEST_CASE("calibration of four pairs worked by hand") {
  const Given g = given({{0.9, true}, {0.8, false}, {0.1, false}, {0.04, true}});
  const Calibration c = calibrate(g.pairs, g.people);
  CHECK(c.pairs == 3);  // 0.04 lies below the floor
  REQUIRE(c.bins.size() == 3);
  CHECK(c.bins[0].said == doctest::Approx(0.1));
  CHECK(c.bins[2].seen == doctest::Approx(1));
  CHECK(c.error == doctest::Approx((0.1 + 0.8 + 0.1) / 3));
  CHECK(c.brier == doctest::Approx((0.01 + 0.64 + 0.01) / 3));
  CHECK(c.brier_all == doctest::Approx((0.01 + 0.64 + 0.01 + 0.9216) / 4));
  CHECK(c.log_loss == doctest::Approx((-std::log(0.9) - std::log(0.2) - std::log(0.9)) / 3));
}

TEST_CASE("bins are of equal count and ties are shared, so order does not matter") {
  // Forty pairs at 0.5, half of them true: perfectly calibrated in every bin, whichever lie where.
  std::vector<std::pair<double, bool>> scored;
  for (int i = 0; i < 40; ++i) scored.emplace_back(0.5, i < 20);
  const Given g = given(scored);
  const Calibration c = calibrate(g.pairs, g.people);
  REQUIRE(c.bins.size() == 10);
  for (const Bin& b : c.bins) {
    CHECK(b.pairs == 4);
    CHECK(b.seen == doctest::Approx(0.5));
  }
  CHECK(c.error == doctest::Approx(0).epsilon(1e-12));
}

TEST_CASE("nothing above the floor") {
  const Given g = given({{0.01, true}});
  const Calibration c = calibrate(g.pairs, g.people);
  CHECK(c.pairs == 0);
  CHECK(c.bins.empty());
  CHECK(std::isnan(c.error));
  CHECK(std::isnan(c.brier));
}

TEST_CASE("a probability of one that is wrong costs much, not everything") {
  const Given g = given({{1.0, false}});
  const Calibration c = calibrate(g.pairs, g.people);
  CHECK(c.log_loss == doctest::Approx(-std::log(1e-9)).epsilon(1e-6));
}

TEST_CASE("calibration agrees with a plain reading of its definition") {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    const People people = some_people(seed, 30, 2, false);
    std::vector<Pair> pairs = some_pairs(seed, people);
    sift(pairs, people);
    std::vector<Pair> kept;
    for (const Pair& p : pairs)
      if (p.probability >= 0.05) kept.push_back(p);
    std::ranges::reverse(kept);  // lowest first
    double error = 0;
    for (std::size_t b = 0; b < 10; ++b) {
      // The function cuts from the top, so bin b from below ends where its mirror begins.
      const std::size_t begin = kept.size() - kept.size() * (10 - b) / 10;
      const std::size_t end = kept.size() - kept.size() * (9 - b) / 10;
      double said = 0;
      double seen = 0;
      for (std::size_t i = begin; i < end; ++i) {
        double same = 0;
        double ties = 0;
        for (const Pair& p : kept)
          if (p.probability == kept[i].probability) {
            same += people.same(p.left, p.right) ? 1 : 0;
            ties += 1;
          }
        said += kept[i].probability;
        seen += same / ties;
      }
      error += std::abs(said - seen);
    }
    const Calibration c = calibrate(pairs, people);
    CHECK(c.pairs == kept.size());
    CHECK(c.error == doctest::Approx(error / static_cast<double>(kept.size())));
  }
}

TEST_CASE("the histogram holds every pair once") {
  const Given g = given({{0, false}, {0.049, true}, {0.05, true}, {1, true}, {0.999, false}});
  const Histogram h = histogram(g.pairs, g.people, 20);
  CHECK(h.different[0] == 1);
  CHECK(h.same[0] == 1);
  CHECK(h.same[1] == 1);
  CHECK(h.same[19] == 1);
  CHECK(h.different[19] == 1);
}
