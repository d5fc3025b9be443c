#include "engine/link/explain.h"

#include <cmath>

#include <doctest/doctest.h>

#include "engine/core/random.h"
#include "engine/schema/variants.h"

using namespace tessera;
using link::Comparator;
using link::Explanation;
using link::Pair;

namespace {

std::vector<Comparator> comparators(const schema::Schema& s) {
  std::vector<Comparator> out;
  for (std::size_t p = 0; p < s.passes.size(); ++p) out.emplace_back(s, p, s.ssn);
  return out;
}

// A fit of made-up tables: any numbers will do.
link::Fit made_up(const std::vector<Comparator>& cs, std::uint64_t seed) {
  Splitmix random(seed);
  const auto logs = [&] {
    link::ClassLogs out{};
    for (double& x : out) x = -0.01 * static_cast<double>(1 + random.below(700));
    return out;
  };
  link::Fit fit;
  for (const Comparator& c : cs) {
    link::PassEvidence& e = fit.evidence.emplace_back();
    for (std::uint32_t i = 0; i < Comparator::kStrata; ++i) e.log_share.push_back(logs());
    for (const link::Digit& d : c.digits()) {
      auto& levels = e.log_level.emplace_back(d.levels);
      for (std::size_t l = 1; l < levels.size(); ++l) levels[l] = logs();
    }
  }
  return fit;
}

// The odds from the probabilities themselves.
double plain_odds(const link::PassEvidence& e, const Comparator& c, std::uint32_t pattern) {
  double mass[3];
  for (std::size_t k = 0; k < 3; ++k) {
    mass[k] = std::exp(e.log_share[c.stratum(pattern)][k]);
    for (std::size_t d = 0; d < e.log_level.size(); ++d)
      mass[k] *= std::exp(e.log_level[d][c.level(pattern, d)][k]);
  }
  return std::log(mass[0] / (mass[1] + mass[2]));
}

}  // namespace

TEST_CASE("the weights of an explanation add up to the odds of its pattern") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const auto cs = comparators(*s);
  const link::Fit fit = made_up(cs, 4);
  Splitmix random(8);
  for (int i = 0; i < 500; ++i) {
    const auto pass = static_cast<std::uint8_t>(random.below(cs.size()));
    const auto pattern = static_cast<std::uint32_t>(random.below(cs[pass].patterns()));
    const double odds = plain_odds(fit.evidence[pass], cs[pass], pattern);
    const Pair pair{0, 1, static_cast<link::Decinats>(std::lround(odds * 10)), pass, pattern};
    const Explanation e = link::explain(*s, cs, fit, pair, 0.75);
    REQUIRE(e.steps.size() == cs[pass].digits().size());
    double total = e.start;
    for (std::size_t d = 0; d < e.steps.size(); ++d) {
      total += e.steps[d].weight;
      CHECK(e.steps[d].total == doctest::Approx(total));
      if (cs[pass].level(pattern, d) == 0) CHECK(e.steps[d].weight == 0);
    }
    CHECK(total == doctest::Approx(odds));
    CHECK(e.pass == s->passes[pass].name);
    CHECK(e.probability == 0.75);
    CHECK_FALSE(e.held_back);
  }
}

TEST_CASE("what a rule took away is said, the clamp is not") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const auto cs = comparators(*s);
  const link::Fit fit = made_up(cs, 5);
  const double odds = plain_odds(fit.evidence[0], cs[0], 0);
  const auto full = static_cast<link::Decinats>(std::lround(odds * 10));
  CHECK(link::explain(*s, cs, fit, {0, 1, static_cast<link::Decinats>(full - 20), 0, 0}, 0.5)
            .held_back);
  link::Fit sure = fit;
  sure.evidence[0].log_share[0] = {0, -90, -90};
  CHECK_FALSE(link::explain(*s, cs, sure, {0, 1, link::kSurest, 0, 0}, 1).held_back);
}

TEST_CASE("masses that underflow still give their odds") {
  CHECK(link::log_odds({-2000, -2001, -2001}) == doctest::Approx(1 - std::log(2.0)));
  CHECK(link::log_odds({-3000, -1, -4000}) == doctest::Approx(-2999));
}

TEST_CASE("the runner-up is the strongest rival at either end, in the same group") {
  //              records 0, 1 of one file; 2, 3, 4 of a second; 5 of a third
  const std::vector<std::uint32_t> group{0, 0, 1, 1, 1, 2};
  const std::vector<Pair> pairs{{0, 2, 80, 0, 0}, {0, 3, 30, 0, 0}, {0, 5, 90, 0, 0},
                                {1, 2, 40, 0, 0}, {1, 4, 10, 0, 0}, {4, 5, 70, 0, 0}};
  const link::Rivals rivals(pairs, group);
  CHECK(rivals.runner_up(0) == 3);  // 1-2 is stronger than 0-3; 0-5 is of another group
  CHECK(rivals.runner_up(1) == 0);
  CHECK(rivals.runner_up(2) == link::Rivals::kNone);
  CHECK(rivals.runner_up(3) == 0);
  CHECK(rivals.runner_up(4) == 3);
  CHECK(rivals.runner_up(5) == link::Rivals::kNone);
}

TEST_CASE("an explanation is written and read back; anything else is refused") {
  const Explanation e{
      "dob_last", "3-4", -1.5,   {{"first", "close", 2.25, 0.75}, {"last", "missing", 0, 0.75}},
      0.8,        true,  0.6875, link::RunnerUp{-1.5, 0.125}};
  const auto back = link::explanation_from_json(link::to_json(e), "here");
  REQUIRE(back);
  CHECK(*back == e);
  Explanation alone = e;
  alone.runner_up.reset();
  CHECK(*link::explanation_from_json(link::to_json(alone), "here") == alone);
  for (const char* name :
       {"pass", "start", "fields", "logit", "held_back", "probability", "runner_up"}) {
    json::Value broken = link::to_json(e);
    broken.set(name, json::Object{});
    const auto refused = link::explanation_from_json(broken, "here");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().where == "here");
  }
  CHECK_FALSE(link::explanation_from_json(json::Value(3), "here"));
}
