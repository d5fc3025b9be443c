#include "engine/report/tally.h"

#include <cmath>
#include <limits>

#include <doctest/doctest.h>

#include "people.h"

using namespace tessera::report;

TEST_CASE("true pairs inside one owner count only where they are asked for") {
  // Person 0: owners 0, 0, 1; person 1: owners 1, 1; one record of nobody.
  People people{{0, 0, 0, 1, 1, kNobody}, {0, 0, 1, 1, 1, 0}, false};
  CHECK(true_pairs(people) == 2);
  people.within = true;
  CHECK(true_pairs(people) == 4);
}

TEST_CASE("a sweep of five pairs worked by hand") {
  // a0 b0 are person 0, a1 b1 person 1, a2 b2 person 2. Records 0-2 at owner 0, 3-5 at owner 1.
  const People people{{0, 1, 2, 0, 1, 2}, {0, 0, 0, 1, 1, 1}, false};
  std::vector<Pair> pairs{{0, 3, 9, 0.99}, {4, 1, 5, 0.7}, {0, 4, 6, 0.7}, {2, 4, 1, 0.2}};
  const Sifted sifted = sift(pairs, people);
  CHECK(sifted.unjudged + sifted.within_owner + sifted.repeated == 0);
  REQUIRE(pairs.size() == 4);
  CHECK(pairs[1].left == 0);  // weight 6 before weight 5
  CHECK(pairs[2].left == 1);  // turned round
  const double at[] = {0.05, 0.7, 0.71, 1.0};
  const Sweep s = sweep(pairs, people, 3, at);
  CHECK(s.at[0].tally == Tally{2, 2, 1});
  CHECK(s.at[1].tally == Tally{2, 1, 1});
  CHECK(s.at[2].tally == Tally{1, 0, 2});
  CHECK(s.at[3].tally == Tally{0, 0, 3});
  CHECK(s.at[1].tally.precision() == doctest::Approx(2.0 / 3));
  CHECK(s.at[1].tally.f1() == doctest::Approx(2.0 / 3));
  CHECK(std::isnan(s.at[3].tally.precision()));
  CHECK(s.best.probability == 0.7);
  CHECK(s.best.weight == 5);
  CHECK(s.best.tally == Tally{2, 1, 1});
  CHECK(s.strict.tally == Tally{1, 0, 2});  // the next cut lets a wrong pair in
  CHECK(s.curve.back().tally == Tally{2, 2, 1});
}

TEST_CASE("what cannot be judged is left out and counted") {
  const People people{{0, 0, kNobody, 0}, {0, 1, 1, 0}, false};
  std::vector<Pair> pairs{{0, 1, 1, 0.5}, {1, 0, 2, 0.9}, {0, 2, 1, 0.5}, {0, 3, 1, 0.5}};
  const Sifted sifted = sift(pairs, people);
  CHECK(sifted.unjudged == 1);
  CHECK(sifted.within_owner == 1);
  CHECK(sifted.repeated == 1);
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].probability == 0.9);  // the best of the repeated
}

TEST_CASE("nothing to find") {
  const People people{{0, 1}, {0, 1}, false};
  std::vector<Pair> none;
  sift(none, people);
  const Sweep s = sweep(none, people, 0, shown_thresholds());
  CHECK(s.at.size() == shown_thresholds().size());
  CHECK(std::isnan(s.best.tally.f1()));
  CHECK(s.curve.empty());
}

TEST_CASE("sweeps agree with looking at every pair") {
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    const People people =
        some_people(seed, 24, 1 + static_cast<std::uint32_t>(seed % 4), seed % 3 == 0);
    std::vector<Pair> pairs = some_pairs(seed, people);
    const std::vector<Pair> given = pairs;
    const std::uint64_t truth = true_pairs(people);
    CHECK(truth == true_pairs_plain(people));
    sift(pairs, people);
    const double at[] = {0.9, 0.0, 0.3, 0.5, 0.31, 1.0};
    const Sweep s = sweep(pairs, people, truth, at);
    for (std::size_t i = 0; i < std::size(at); ++i)
      CHECK(s.at[i].tally ==
            tally_plain(given, people, [&](const Pair& p) { return p.probability >= at[i]; }));
    double best = 0;
    std::uint64_t strict = 0;
    for (const Pair& cut : given) {
      const Tally t = tally_plain(given, people, [&](const Pair& p) {
        return p.probability > cut.probability ||
               (p.probability == cut.probability && p.weight >= cut.weight);
      });
      const bool judged = people.known(cut.left, cut.right) && people.counts(cut.left, cut.right);
      if (judged && !std::isnan(t.f1())) best = std::max(best, t.f1());
      if (judged && t.precision() >= 0.999) strict = std::max(strict, t.right);
    }
    if (truth > 0) CHECK(s.best.tally.f1() == best);
    CHECK(s.strict.tally.right == strict);
  }
}

TEST_CASE("the curve stays small and ends with everything") {
  People people;
  std::vector<Pair> pairs;
  for (std::uint32_t i = 0; i < 20000; ++i) {
    people.person.push_back(i / 2);
    people.owner.push_back(i % 2);
  }
  for (std::uint32_t i = 0; i + 3 < 20000; i += 2) {
    pairs.push_back({i, i + 1, 0, 1 - i * 4e-5});
    pairs.push_back({i, i + 3, 0, 0.5 - i * 2e-5});
  }
  sift(pairs, people);
  const Sweep s = sweep(pairs, people, true_pairs(people), shown_thresholds());
  CHECK(s.curve.size() <= 210);
  CHECK(s.curve.back().tally.right + s.curve.back().tally.wrong == pairs.size());
}
