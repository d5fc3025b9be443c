#include "engine/intake/evidence.h"

#include "tests/intake/district_state.h"

using namespace tessera;
using namespace tessera::test;

TEST_CASE("R6: a question shows its candidates field by field, with levels and no values") {
  test::State state;
  const Fates before = state.assign({{"north", with(crowd(40, 1), kMaria)}});
  Person near = changed(kMaria, "s1", "MARIA", "HERNANDEZ");
  near.middle = "";
  near.sex = "M";
  near.dob = "2010-03-08";
  Person thin = changed(kMaria, "s2", "", "HERNANDEZ");
  const Fates fates = state.assign({{"south", with(with(crowd(40, 2), near), thin)}});
  REQUIRE(fates.at("south/s2").status == Status::review);
  auto r = registry::Registry::open(state.path(), registry::Access::read);
  REQUIRE(r);
  const auto open = registry::open_reviews(*r, {"south", std::nullopt, "", 0});
  REQUIRE(open);
  REQUIRE_FALSE(open->empty());
  std::size_t explained = 0;
  for (const registry::OpenReview& v : *open) {
    const auto matcher = matchers::fellegi_sunter(matchers::shipped_model());
    const auto evidence = intake::evidence_of(*r, v, *matcher);
    REQUIRE(evidence);
    REQUIRE(evidence->size() == v.candidates.size());
    for (std::size_t i = 0; i < evidence->size(); ++i) {
      const intake::Evidence& e = (*evidence)[i];
      if (!e.met) continue;
      ++explained;
      CHECK(e.owner == "north");
      REQUIRE_FALSE(e.explanation.steps.empty());
      CHECK(e.explanation.logit == doctest::Approx(v.candidates[i].decinats / 10.0));
      double sum = e.explanation.start;  // the steps add up to the logit of the day
      for (const link::Step& s : e.explanation.steps) {
        sum += s.weight;
        CHECK(s.total == doctest::Approx(sum));
      }
      CHECK(sum == doctest::Approx(e.explanation.logit));
      const bool last = i + 1 == evidence->size();
      CHECK(e.explanation.runner_up.has_value() == !last);
    }
  }
  CHECK(explained >= 1);
}
