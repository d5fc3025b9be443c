#include "matchers/train.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

#include "matchers/fellegi_sunter.h"
#include "tests/matchers/patterns.h"

using namespace tessera;
using matchers::Levels;
using matchers::Model;
using matchers::TrainingCounts;
using matchers::UnlabelledCounts;

namespace {

// Counts drawn from `truth`, with labels.
TrainingCounts labelled(const Model& truth, const schema::Schema& s, std::size_t matches,
                        std::size_t others) {
  TrainingCounts out;
  out.schema = &s;
  for (std::size_t p = 0; p < s.passes.size(); ++p) {
    out.comparators.emplace_back(s, p, false);
    out.matches.push_back(test::draw_counts(truth, s, p, out.comparators[p], {matches, 0, 0}, 1));
    out.others.push_back(test::draw_counts(truth, s, p, out.comparators[p],
                                           {0, others / 10, others - others / 10}, 2));
  }
  return out;
}

// The shipped model with given names worse and surnames better than they were.
Model changed() {
  Model m = matchers::shipped_model();
  for (auto& [name, l] : m.levels)
    if (name.find("given_name") != std::string::npos)
      for (std::size_t i = 1; i < l.match.size(); ++i) l.match[i] = 0.5 * l.match[i] + 0.5 / 7;
  return m;
}

// The same pairs with the labels taken off.
UnlabelledCounts unlabelled(const TrainingCounts& known) {
  UnlabelledCounts out{known.schema, known.comparators, known.matches, {}};
  for (std::size_t p = 0; p < out.counts.size(); ++p) {
    link::PassCounts& all = out.counts[p];
    for (std::size_t g = 0; g < all.pairs.size(); ++g) all.pairs[g] += known.others[p].pairs[g];
    all.compared += known.others[p].compared;
    out.size.records = std::max(out.size.records, 2 * known.matches[p].compared);
  }
  out.size.possible_matches = out.size.records;
  return out;
}

// Share of a pass's pairs on the wrong side of even odds.
double wrong(const link::Fit& fit, const TrainingCounts& known, std::size_t p) {
  std::uint64_t n = 0;
  for (std::size_t g = 0; g < fit.logit[p].size(); ++g)
    n += fit.logit[p][g] > 0 ? known.others[p].pairs[g] : known.matches[p].pairs[g];
  return static_cast<double>(n) /
         static_cast<double>(known.others[p].compared + known.matches[p].compared);
}

double furthest(const std::vector<double>& a, const std::vector<double>& b) {
  double most = 0;
  for (std::size_t i = 0; i < a.size(); ++i) most = std::max(most, std::abs(a[i] - b[i]));
  return most;
}

}  // namespace

TEST_CASE("training finds the tables that made the pairs, from a start that was wrong") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const Model truth = changed();
  const std::vector<TrainingCounts> runs{labelled(truth, *s, 30000, 30000)};
  const Model m = *matchers::train(matchers::shipped_model(), runs, 50);
  for (std::size_t p = 0; p < s->passes.size(); ++p)
    for (std::size_t f = 0; f < s->fields.size(); ++f) {
      const std::string name = matchers::pass_table(*s, s->passes[p], f);
      CAPTURE(name);
      REQUIRE(m.levels.contains(name));
      const Levels& found = m.levels.at(name);
      const Levels& wanted = *matchers::find_levels(truth, *s, s->passes[p], f);
      CHECK(furthest(found.match, wanted.match) < 0.02);
      CHECK(furthest(found.stranger, wanted.stranger) < 0.05);
      CHECK(std::accumulate(found.relative.begin(), found.relative.end(), 0.0) ==
            doctest::Approx(1));
    }
  CHECK(m.relative_share > 0);
  CHECK(m.relative_share < 0.5);
}

TEST_CASE("a pass with few pairs keeps the start's tables") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const std::vector<TrainingCounts> runs{labelled(changed(), *s, 99, 5000)};
  const Model& start = matchers::shipped_model();
  const Model m = *matchers::train(start, runs, 50);
  CHECK(m.levels.size() == start.levels.size());
  for (const auto& [name, l] : start.levels) CHECK(m.levels.at(name).match == l.match);
  CHECK(m.relative_share == start.relative_share);
}

TEST_CASE("a heavy prior keeps the start, a light one follows the pairs") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const Model truth = changed();
  const std::vector<TrainingCounts> runs{labelled(truth, *s, 2000, 2000)};
  const Model& start = matchers::shipped_model();
  const std::string name = matchers::pass_table(*s, s->passes[0], *s->field("first"));
  const auto& from = matchers::find_levels(start, *s, s->passes[0], *s->field("first"))->match;
  const auto& to = matchers::find_levels(truth, *s, s->passes[0], *s->field("first"))->match;
  CHECK(furthest(matchers::train(start, runs, 1e9)->levels.at(name).match, from) < 1e-3);
  CHECK(furthest(matchers::train(start, runs, 1)->levels.at(name).match, to) < 0.05);
}

TEST_CASE("training without a true pair is refused") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const std::vector<TrainingCounts> none{labelled(changed(), *s, 0, 5000)};
  for (const auto& refused : {matchers::train(matchers::shipped_model(), {}, 50),
                              matchers::train(matchers::shipped_model(), none, 50)}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::usage);
    CHECK(refused.error().what.find("no true pair") != std::string::npos);
  }
  const std::vector<TrainingCounts> one{labelled(changed(), *s, 1, 5000)};
  CHECK(matchers::train(matchers::shipped_model(), one, 50).has_value());
}

TEST_CASE("without labels the tables come near those with them, and link as well") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const Model truth = changed();
  const Model& start = matchers::shipped_model();
  const TrainingCounts known = labelled(truth, *s, 30000, 30000);
  const Model taught = *matchers::train(start, {&known, 1}, 50);
  const UnlabelledCounts run = unlabelled(known);
  const auto learned = matchers::learn(start, run, 60);
  REQUIRE(learned);
  CHECK(learned->notes.empty());
  const auto fit_of = [&](const Model& m) {
    return *matchers::fellegi_sunter(m)->fit(*s, run.comparators, run.counts, run.size);
  };
  const link::Fit by_learned = fit_of(learned->model);
  const link::Fit by_taught = fit_of(taught);
  for (std::size_t p = 0; p < s->passes.size(); ++p) {
    for (std::size_t f = 0; f < s->fields.size(); ++f) {
      const std::string name = matchers::pass_table(*s, s->passes[p], f);
      CAPTURE(name);
      const auto& found = learned->model.levels.at(name).match;
      CHECK(furthest(found, taught.levels.at(name).match) < 0.03);
      const auto& from = matchers::find_levels(start, *s, s->passes[p], f)->match;
      if (name.find("given_name") != std::string::npos) {
        CHECK(furthest(found, taught.levels.at(name).match) < 0.1 * furthest(found, from));
        const auto& pooled = learned->model.levels.at(matchers::condition(*s, s->passes[p], f));
        CHECK(furthest(pooled.match, from) > 0.2);
      }
    }
    CHECK(std::abs(wrong(by_learned, known, p) - wrong(by_taught, known, p)) < 0.002);
  }
  CHECK(learned->model.relative_share == start.relative_share);
}

TEST_CASE("without labels a pass with few matches is named and keeps the start's tables") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const Model& start = matchers::shipped_model();
  UnlabelledCounts run = unlabelled(labelled(changed(), *s, 5000, 5000));
  const UnlabelledCounts poor = unlabelled(labelled(changed(), *s, 40, 5000));
  run.counts[1] = poor.counts[1];
  const auto learned = matchers::learn(start, run, 60);
  REQUIRE(learned);
  REQUIRE(learned->notes.size() == 1);
  CHECK(learned->notes[0].find("pass " + s->passes[1].name) != std::string::npos);
  CHECK(learned->notes[0].find("too few to learn from") != std::string::npos);
  for (std::size_t f = 0; f < s->fields.size(); ++f) {
    const std::string kept = matchers::pass_table(*s, s->passes[1], f);
    CHECK(learned->model.levels.at(kept).match == start.levels.at(kept).match);
    const std::string moved = matchers::pass_table(*s, s->passes[0], f);
    CHECK(learned->model.levels.at(moved).match != start.levels.at(moved).match);
  }
  const auto refused = matchers::learn(start, poor, 60);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::usage);
  CHECK(refused.error().what.find("no pass") != std::string::npos);
}

TEST_CASE(
    "a start without a kind of field is refused, and is not asked where nothing was counted") {
  const auto s = schema::load("default");
  REQUIRE(s);
  Model start = matchers::shipped_model();
  start.name = "no surnames";
  std::erase_if(start.levels,
                [](const auto& l) { return l.first.find("surname") != std::string::npos; });
  const std::vector<TrainingCounts> runs{labelled(matchers::shipped_model(), *s, 200, 200)};
  const auto refused = matchers::train(start, runs, 50);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::format);
  CHECK(refused.error().what ==
        "the model 'no surnames' knows no field of kind surname; start from one that does");
  // With too few pairs no table is asked for.
  const std::vector<TrainingCounts> few{labelled(matchers::shipped_model(), *s, 99, 200)};
  CHECK(matchers::train(start, few, 50).has_value());
}
