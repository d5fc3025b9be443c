// Recovery of known parameters by the mixture's EM, and what must hold of every fit.
#include <cmath>
#include <map>
#include <numeric>

#include <doctest/doctest.h>

#include "engine/core/random.h"
#include "matchers/fellegi_sunter.h"

using namespace tessera;
using matchers::Levels;
using matchers::Mixture;
using matchers::MixtureData;
using matchers::MixtureRules;

namespace {

// Three fields of three levels and missing.
const std::vector<Levels> kTrue{
    {{0, 0.90, 0.07, 0.03}, {0, 0.05, 0.15, 0.80}, {0, 0.02, 0.08, 0.90}},
    {{0, 0.94, 0.04, 0.02}, {0, 0.90, 0.05, 0.05}, {0, 0.10, 0.10, 0.80}},
    {{0, 0.80, 0.15, 0.05}, {0, 0.20, 0.10, 0.70}, {0, 0.15, 0.10, 0.75}}};

// Around the truth, as a model trained elsewhere would be.
std::vector<Levels> nearby() {
  std::vector<Levels> out = kTrue;
  for (Levels& l : out)
    for (auto* p : {&l.match, &l.stranger}) {
      for (std::size_t i = 1; i < p->size(); ++i) (*p)[i] = 0.8 * (*p)[i] + 0.2 / 3;
    }
  return out;
}

std::uint8_t draw(const std::vector<double>& p, Splitmix& random) {
  double u = random.uniform();
  for (std::uint8_t l = 1; l + 1U < p.size(); ++l)
    if ((u -= p[l]) < 0) return l;
  return static_cast<std::uint8_t>(p.size() - 1);
}

MixtureData generate(std::size_t pairs, double match, double relative, double missing,
                     std::uint64_t seed) {
  Splitmix random(seed);
  std::map<std::vector<std::uint8_t>, double> counts;
  for (std::size_t i = 0; i < pairs; ++i) {
    const double u = random.uniform();
    std::vector<std::uint8_t> levels;
    for (const Levels& l : kTrue)
      levels.push_back(random.chance(missing) ? std::uint8_t{0}
                                              : draw(u < match              ? l.match
                                                     : u < match + relative ? l.relative
                                                                            : l.stranger,
                                                     random));
    ++counts[levels];
  }
  MixtureData out;
  for (const auto& [levels, n] : counts) {
    out.level.push_back(levels);
    out.count.push_back(n);
  }
  return out;
}

bool sums_to_one(const Mixture& m) {
  double shares = m.share[0] + m.share[1] + m.share[2];
  bool ok = std::abs(shares - 1) < 1e-9;
  for (const Levels& l : m.tables)
    for (const auto* p : {&l.match, &l.relative, &l.stranger})
      ok = ok && std::abs(std::accumulate(p->begin(), p->end(), 0.0) - 1) < 1e-9;
  return ok;
}

}  // namespace

TEST_CASE("EM finds the shares and tables that made the pairs") {
  for (const double match : {0.05, 0.4, 0.85}) {
    CAPTURE(match);
    const double relative = (1 - match) * 0.1;
    const MixtureData data = generate(200000, match, relative, 0.0, 7);
    MixtureRules rules;
    const Mixture fit = fit_mixture(data, nearby(), 0.1, rules);
    CHECK(sums_to_one(fit));
    CHECK(fit.share[0] == doctest::Approx(match).epsilon(0.06));
    for (std::size_t d = 0; d < kTrue.size(); ++d) {
      CAPTURE(d);
      for (std::size_t l = 1; l < 4; ++l) {  // the model's pairs pull, and few matches blur
        CHECK(std::abs(fit.tables[d].match[l] - kTrue[d].match[l]) < 0.07);
        CHECK(std::abs(fit.tables[d].stranger[l] - kTrue[d].stranger[l]) < 0.07);
      }
      CHECK(fit.tables[d].relative == nearby()[d].relative);  // never from the data
    }
  }
}

TEST_CASE("values missing at random say nothing: the fit stays where it was") {
  const MixtureData data = generate(200000, 0.4, 0.06, 0.3, 9);
  const Mixture fit = fit_mixture(data, nearby(), 0.1, {});
  CHECK(fit.share[0] == doctest::Approx(0.4).epsilon(0.05));
  for (std::size_t d = 0; d < kTrue.size(); ++d) {
    CHECK(fit.tables[d].match[0] == 0);
    CHECK(std::abs(fit.tables[d].match[1] - kTrue[d].match[1]) < 0.03);
  }
  // Patterns of nothing but missing values do not move the tables.
  MixtureData blank;
  blank.level = {{0, 0, 0}};
  blank.count = {100000};
  const Mixture none = fit_mixture(blank, kTrue, 0.1, {});
  CHECK(none.tables[0].match[1] == doctest::Approx(kTrue[0].match[1]));
}

TEST_CASE("what EM climbs never falls") {
  for (const double match : {0.01, 0.3, 0.95})
    for (const std::size_t pairs : {std::size_t{50}, std::size_t{3000}, std::size_t{100000}}) {
      const MixtureData data = generate(pairs, match, (1 - match) * 0.2, 0.1, pairs);
      std::vector<double> trace;
      MixtureRules rules;
      rules.strangers_needed =
          0;  // a threshold crossed on the way would change the objective's parts
      rules.trace = &trace;
      const Mixture fit = fit_mixture(data, nearby(), 0.2, rules);
      CHECK(fit.iterations == static_cast<int>(trace.size()));
      for (std::size_t i = 1; i < trace.size(); ++i)
        CHECK(trace[i] >= trace[i - 1] - 1e-6 * std::abs(trace[i - 1]) - 1e-9);
    }
}

TEST_CASE("strangers' tables move only where there are enough strangers") {
  const auto start = nearby();
  MixtureRules rules;
  const Mixture few = fit_mixture(generate(1500, 0.3, 0.0, 0, 3), start, 0.02, rules);
  for (std::size_t d = 0; d < start.size(); ++d) CHECK(few.tables[d].stranger == start[d].stranger);
  const Mixture many = fit_mixture(generate(100000, 0.3, 0.0, 0, 3), start, 0.02, rules);
  CHECK(many.tables[0].stranger != start[0].stranger);
}

TEST_CASE("small inputs lean on the expected share and do not collapse") {
  // Ten pairs that look like strangers, then ten that look like matches.
  for (const std::uint8_t level : {std::uint8_t{3}, std::uint8_t{1}}) {
    MixtureData data;
    data.level = {{level, level, level}};
    data.count = {10};
    MixtureRules rules;
    rules.expected_share = 0.3;
    const Mixture fit = fit_mixture(data, kTrue, 0.1, rules);
    CHECK(sums_to_one(fit));
    CHECK(fit.share[0] > 0.05);
    CHECK(fit.share[0] < 0.95);
    for (std::size_t d = 0; d < kTrue.size(); ++d)  // sixty pairs' worth of model against ten
      CHECK(std::abs(fit.tables[d].match[1] - kTrue[d].match[1]) < 0.2);
  }
}

TEST_CASE("there are never more matches than the run allows") {
  const MixtureData data = generate(50000, 0.8, 0.02, 0, 4);
  MixtureRules rules;
  rules.most_matches = 10000;
  const Mixture fit = fit_mixture(data, nearby(), 0.1, rules);
  CHECK(fit.share[0] <= 0.2 + 1e-9);
  CHECK(sums_to_one(fit));
}

TEST_CASE("blocks of many candidates have a share of their own") {
  MixtureData data = generate(60000, 0.9, 0.01, 0.05, 21);
  data.stratum.assign(data.count.size(), 0);
  const MixtureData crowded = generate(60000, 0.02, 0.05, 0.05, 22);
  for (std::size_t g = 0; g < crowded.count.size(); ++g) {
    data.level.push_back(crowded.level[g]);
    data.count.push_back(crowded.count[g]);
    data.stratum.push_back(4);
  }
  const Mixture fit = fit_mixture(data, nearby(), 0.1, {});
  CHECK(fit.strata[0][0] == doctest::Approx(0.9).epsilon(0.03));
  CHECK(fit.strata[4][0] < 0.06);
  CHECK(fit.share[0] == doctest::Approx(0.46).epsilon(0.05));
  CHECK(sums_to_one(fit));
  for (const auto& share : fit.strata)  // those without pairs as well
    CHECK(share[0] + share[1] + share[2] == doctest::Approx(1));
  CHECK(fit.strata[7][0] < fit.strata[0][0]);
}

TEST_CASE("expected twins are held against pairs that look like careless copies") {
  // Field 0 far, the others equal: half a match with an error, half a relative, as the data go.
  MixtureData data = generate(4000, 0.95, 0.0, 0, 5);
  data.level.push_back({3, 1, 1});
  data.count.push_back(400);
  MixtureRules rules;
  rules.most_growth = 4;
  const Mixture free = fit_mixture(data, kTrue, 0.01, {});
  rules.twins = 400;
  const Mixture held = fit_mixture(data, kTrue, 0.01, rules);
  CHECK(held.share[1] > 2 * free.share[1]);
  CHECK(held.tables[0].match[3] < free.tables[0].match[3]);
  CHECK(held.tables[0].match[3] <= 4.1 * kTrue[0].match[3]);
}

TEST_CASE("no pairs: the start comes back") {
  const Mixture fit = fit_mixture({}, kTrue, 0.1, {});
  CHECK(sums_to_one(fit));
  CHECK(fit.tables[1].match == kTrue[1].match);
  CHECK(fit.iterations == 0);
  for (const auto& share : fit.strata)
    for (const double s : share) CHECK(s > 0);  // logs of them are taken
}
