#include "engine/attack/told_scores.h"

#include "engine/link/compete.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

TEST_CASE("records are claimed by scores that nobody else has") {
  // a0-b0 met twice, a1-b1 and a2-b2 alike, a3 met two.
  const std::vector<ToldScore> told{{0, 0, 50}, {0, 0, 70}, {1, 1, 60},
                                    {2, 2, 60}, {3, 0, -5}, {3, 3, 80}};
  const auto claims = match_by_scores(told, told, 5, 5);
  CHECK(claims == std::vector<std::uint32_t>{0, kNoClaim, kNoClaim, 3, kNoClaim,  // a
                                             5, kNoClaim, kNoClaim, 8, kNoClaim});
  std::vector<ToldScore> other = told;
  other[0].decinats = 51;
  CHECK(match_by_scores(told, other, 5, 5)[0] == kNoClaim);
  CHECK(match_by_scores(told, other, 5, 5)[3] == 3);
}

TEST_CASE("the strongest of what is told is the line's own score") {
  Silent silent;
  const schema::Schema& schema = test::usual();
  Draw draw{.seed = 2, .state_people = 400, .count = 200};
  const auto a = draw_people(test::tables(), schema, draw, silent);
  draw.first = 100;
  draw.owner = 1;
  const auto b = draw_people(test::tables(), schema, draw, silent);
  REQUIRE(a.has_value());
  REQUIRE(b.has_value());
  const Seen left = look_at(schema, *a, 1, silent, "a");
  const Seen right = look_at(schema, *b, 1, silent, "b");
  const auto told = told_scores(schema, {*a, *b}, 1, -92, silent);
  const auto scored = score_across(schema, left, right, -92, silent);
  REQUIRE(told);
  REQUIRE(scored);
  CHECK(told->size() > scored->pairs.size());
  std::size_t at = 0;
  for (const link::Pair& p : scored->pairs) {
    REQUIRE(at < told->size());
    link::Decinats most = -link::kSurest;
    for (; at < told->size() && (*told)[at].a == p.a && (*told)[at].b + left.records == p.b; ++at)
      most = std::max(most, (*told)[at].decinats);
    CHECK(most == p.logit);
  }
  CHECK(at == told->size());
}

}  // namespace
}  // namespace tessera::attack
