#include "engine/intake/evidence.h"

#include "matchers/waterfall.h"
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
    const auto evidence = intake::evidence_of(
        *r, v, [&](std::size_t pass, const link::Comparator& c, std::uint32_t pattern) {
          return matchers::waterfall(matchers::shipped_model(), r->schema(), pass, c, pattern)
              ->back()
              .running;
        });
    REQUIRE(evidence);
    REQUIRE(evidence->size() == v.candidates.size());
    for (const intake::Evidence& e : *evidence) {
      if (!e.met) continue;
      ++explained;
      CHECK(e.owner == "north");
      const link::Comparator c(r->schema(), e.pass, e.tokens);
      const auto steps =
          matchers::waterfall(matchers::shipped_model(), r->schema(), e.pass, c, e.pattern);
      REQUIRE(steps);
      CHECK(steps->size() == c.digits().size());
    }
  }
  CHECK(explained >= 1);
}
