#include "matchers/train.h"

#include <cmath>
#include <numeric>

#include <doctest/doctest.h>

#include "tests/matchers/patterns.h"

using namespace tessera;
using matchers::Levels;
using matchers::Model;
using matchers::TrainingCounts;

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

TEST_CASE("training on nothing changes nothing") {
  const Model& start = matchers::shipped_model();
  const Model m = *matchers::train(start, {}, 50);
  CHECK(m.levels.size() == start.levels.size());
  CHECK(m.relative_share == start.relative_share);
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
  CHECK(matchers::train(start, {}, 50).has_value());
}
