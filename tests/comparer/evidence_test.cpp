// What a reviewer is told in two offices, beside what the plain deployment tells.
#include "engine/comparer/evidence.h"

#include <doctest/doctest.h>

#include "engine/intake/evidence.h"
#include "engine/link/bare_tables.h"
#include "engine/registrar/asking.h"
#include "engine/registry/registry.h"
#include "matchers/fellegi_sunter.h"
#include "tests/comparer/two_states.h"
#include "tests/slips/slips_sample.h"

namespace evidence_of_stored_test {

using namespace tessera;
using reference::Person;

namespace {

// A state with questions: twins who differ in a first name, and copies with another birth date.
struct Asked {
  test::TwoStates states;
  Result<slips::MixFile> mix;
  Result<slips::ScoreFile> scores;
  Result<registry::Registry> plain, split;
  std::unique_ptr<link::Matcher> matcher = matchers::fellegi_sunter(matchers::shipped_model());
  Silent silent;

  static Error none() { return {ErrorCode::io, "", ""}; }
  Asked() : mix(none()), scores(none()), plain(none()), split(none()) {
    const std::vector<Person> north = reference::draw_people(90, 1, "n");
    std::vector<Person> south = reference::draw_people(70, 2, "s");
    for (std::size_t i = 0; i < 30; ++i) {
      south[i] = north[i];
      south[i].id = "s" + std::to_string(i);
      if (i % 2 == 0) south[i].first = "ZELDA";
      if (i % 2 == 1) south[i].dob = "2011-05-17";
    }
    states.assign({{"north", north}, {"south", south}});
    mix = slips::MixFile::open(states.path("mix"), samples::registrars_key().open);
    scores = slips::read_scores(states.path("scores"), samples::comparers_key().open);
    plain = registry::Registry::open(states.path("plain.db"), registry::Access::read);
    split = registry::Registry::open(states.path("split.db"), registry::Access::read);
    REQUIRE(mix);
    REQUIRE(scores);
    REQUIRE(plain);
    REQUIRE(split);
  }
  Result<link::Explanation> evidence(encoded::Handle a, encoded::Handle b) {
    return comparer::evidence_of(states.path("store"), *mix, a, b, *matcher, silent);
  }
};

Asked& world() {
  static Asked made;
  return made;
}

}  // namespace

TEST_CASE("a question's entries compare as the plain deployment says, field by field") {
  Asked& w = world();
  const auto plain = registry::open_reviews(*w.plain, {});
  const auto split = registry::open_reviews(*w.split, {});
  REQUIRE(plain);
  REQUIRE(split);
  REQUIRE(plain->size() == split->size());
  REQUIRE(plain->size() > 3);
  std::size_t compared = 0;
  for (std::size_t i = 0; i < plain->size(); ++i) {
    const auto wanted = intake::evidence_of(*w.plain, (*plain)[i], *w.matcher);
    const auto met = registrar::meetings_of(*w.split, (*split)[i], {{*w.scores, "scores"}});
    REQUIRE(wanted);
    REQUIRE(met);
    REQUIRE(wanted->size() == met->size());
    for (std::size_t c = 0; c < met->size(); ++c) {
      CHECK((*met)[c].id == (*wanted)[c].id);
      REQUIRE((*met)[c].best.has_value() == (*wanted)[c].met);
      if (!(*met)[c].best) continue;
      CHECK((*met)[c].best->decinats == (*split)[i].candidates[c].decinats);
      const auto told = w.evidence((*met)[c].best->first, (*met)[c].best->second);
      REQUIRE(told);
      if (told->pass != (*wanted)[c].explanation.pass) continue;  // two meetings as strong
      CHECK(told->candidates == (*wanted)[c].explanation.candidates);
      REQUIRE(told->steps.size() == (*wanted)[c].explanation.steps.size());
      for (std::size_t s = 0; s < told->steps.size(); ++s) {
        CHECK(told->steps[s].field == (*wanted)[c].explanation.steps[s].field);
        CHECK(told->steps[s].level == (*wanted)[c].explanation.steps[s].level);
        CHECK(told->steps[s].weight == (*wanted)[c].explanation.steps[s].weight);
      }
      ++compared;
    }
  }
  CHECK(compared > 2);
}

TEST_CASE("what the store does not hold, or what never met, is refused") {
  Asked& w = world();
  const auto& all = w.scores->scores;
  REQUIRE(all.size() > 2);
  const auto against = [&](encoded::Handle a, encoded::Handle b) {
    const auto told = w.evidence(a, b);
    return told ? std::string() : told.error().what;
  };
  CHECK(against(all[0].first, all[0].second).empty());
  CHECK(against(all[0].first, all[0].first).find("share no block") != std::string::npos);
  CHECK(against(all[0].first, all[0].second ^ 1).find("does not hold") != std::string::npos);
  std::size_t apart = 0;
  for (const slips::ScoredHandles& s : all)
    apart += against(all[0].first, s.first).find("share no block") != std::string::npos;
  CHECK(apart > 0);
}

TEST_CASE("scores of a mix for linking name no question's entries") {
  Asked& w = world();
  slips::ScoreFile linking = *w.scores;
  linking.header.answering.reset();
  const auto reviews = registry::open_reviews(*w.split, {});
  REQUIRE(reviews);
  CHECK_FALSE(registrar::meetings_of(*w.split, reviews->front(), {{linking, "scores"}}));
  linking = *w.scores;
  linking.scores.clear();  // as of another batch
  const auto met = registrar::meetings_of(*w.split, reviews->front(), {{linking, "scores"}});
  REQUIRE(met);
  for (const registrar::Met& m : *met) CHECK_FALSE(m.best);
}

}  // namespace evidence_of_stored_test
