#include "matchers/waterfall.h"

#include <cmath>

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::matchers;

TEST_CASE("the steps of every pattern sum to its weight under the model") {
  const auto schema = schema::load("default");
  const Model& model = shipped_model();
  for (std::size_t p = 0; p < schema->passes.size(); ++p) {
    const link::Comparator c(*schema, p, false);
    for (std::uint32_t pattern = 0; pattern < c.patterns(); pattern += 7) {
      const auto steps = waterfall(model, *schema, p, c, pattern);
      REQUIRE(steps);
      REQUIRE(steps->size() == c.digits().size());
      double m = 1;
      double r = 1;
      double s = 1;
      double sum = 0;
      for (std::size_t d = 0; d < steps->size(); ++d) {
        const std::uint32_t level = c.level(pattern, d);
        sum += (*steps)[d].weight;
        CHECK((*steps)[d].running == doctest::Approx(sum));
        CHECK((*steps)[d].level == link::level_names(c.digits()[d].kind)[level]);
        if (level == 0) {
          CHECK((*steps)[d].weight == doctest::Approx(0));  // missing says nothing
          continue;
        }
        const Levels* l = find_levels(model, *schema, schema->passes[p], c.digits()[d].field);
        m *= std::max(l->match[level], 1e-12);
        r *= std::max(l->relative[level], 1e-12);
        s *= std::max(l->stranger[level], 1e-12);
      }
      const double u = model.relative_share * r + (1 - model.relative_share) * s;
      CHECK(sum == doctest::Approx(std::log(m / u)).epsilon(1e-6));
    }
  }
}

TEST_CASE("agreement speaks for a match and disagreement against it") {
  const auto schema = schema::load("default");
  const link::Comparator c(*schema, 0, false);
  std::uint32_t equal = 0;
  for (const link::Digit& d : c.digits()) equal += d.factor;  // level 1: equal
  const auto best = waterfall(shipped_model(), *schema, 0, c, equal);
  CHECK(best->back().running > 5);
}
