#include "engine/registry/rulings.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/registry/history.h"
#include "engine/registry/registry_state.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

namespace rulings_test {

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

struct State {
  Scratch scratch;
  std::string path = scratch / "R.db";
  std::uint64_t seed = 0;
  State() { create_registry(path); }
  Issued one(const Roster& roster, bool provisional = false) {
    const auto receipt = submit(path, {roster}, ++seed, provisional);
    if (!receipt) FAIL(receipt.error().what);
    return receipt->issued[0];
  }
  Result<RulingResult> say(std::int64_t review, Verdict verdict, StateId id = 0,
                           const Sees& sees = {}) {
    Registry r = open_registry(path, Access::write);
    const auto random = seeded_random(100 + ++seed);
    return rule(r, {review, verdict, id, {"ana", "case-1"}}, *random, sees);
  }
  std::vector<OpenReview> queue(const std::string& owner = "") {
    Registry r = open_registry(path, Access::read);
    return *open_reviews(r, {owner, std::nullopt, "", 0});
  }
};

}  // namespace

TEST_CASE("same: the record is the candidate, its owner's claim is noted, and it stays so") {
  State s;
  const StateId a = s.one({"a", {{1, 11}}}).id;
  CHECK(s.one({"b", {{1, 11, 0, true}}}).status == Status::review);
  const auto said = s.say(1, Verdict::same);
  REQUIRE(said);
  CHECK(said->id == a);
  CHECK(said->closed);
  CHECK_FALSE(said->issued);
  CHECK(s.queue().empty());
  CHECK(s.one({"b", {{1, 11, 0, true}}}).id == a);
  CHECK(s.one({"b", {{1, 99, 1}}}).id == a);  // whatever it brings later
  CHECK(s.say(1, Verdict::same).error().code == ErrorCode::conflict);
  CHECK(s.say(9, Verdict::same).error().code == ErrorCode::usage);
  Registry r = open_registry(s.path, Access::read);
  CHECK(count(r)->claims == 1);
  CHECK(rulings_of(r, 1)->at(0).id == a);
  CHECK(verified(s.path) == "");
}

TEST_CASE("the queue comes in pages, each as long as asked, with what is left counted") {
  State s;
  for (std::uint8_t i = 1; i <= 9; ++i) s.one({"a", {{i, 10U + i}}});
  for (std::uint8_t i = 1; i <= 9; ++i) s.one({i % 3 == 0 ? "c" : "b", {{i, 10U + i, 0, true}}});
  const auto all = s.queue();
  REQUIRE(all.size() == 9);
  Registry r = open_registry(s.path, Access::read);
  const auto of_b = [](const std::string& owner, auto, const auto&) { return owner == "b"; };
  for (const bool some : {false, true})
    for (std::size_t most = 1; most <= 10; ++most) {
      std::vector<std::int64_t> told;
      std::vector<std::int64_t> expected;
      for (const OpenReview& v : all)
        if (!some || v.owner == "b") expected.push_back(v.review);
      ReviewFilter filter;
      for (std::int64_t more = 1; more > 0; filter.after = told.back()) {
        const auto page = page_of_reviews(r, filter, most, some ? Sees(of_b) : Sees());
        REQUIRE(page);
        REQUIRE(page->reviews.size() <= most);
        REQUIRE(!page->reviews.empty());
        for (const OpenReview& v : page->reviews) {
          told.push_back(v.review);
          CHECK(v.candidates.size() == 1);
        }
        more = page->more;
        CHECK(told.size() + static_cast<std::size_t>(more) == expected.size());
      }
      CHECK(told == expected);
    }
}

TEST_CASE("a page looks state IDs up by their index: reading them all is 200 times slower") {
  State s;
  s.one({"a", {{1, 11}}});
  s.one({"b", {{1, 11, 0, true}}}, true);
  Registry r = open_registry(s.path, Access::read);
  for (const std::string_view query : {question_query(), anomaly_query()}) {
    auto plan = r.database().prepare(fmt::format("EXPLAIN QUERY PLAN {}", query));
    REQUIRE(plan);
    int steps = 0;
    for (; *plan->step(); ++steps) {
      const std::string step(plan->text(3));
      CAPTURE(step);
      CHECK(step.find("SCAN i") == std::string::npos);
    }
    CHECK(steps > 2);
  }
}

TEST_CASE("twins: with several candidates one must be named, and nothing is picked") {
  State s;
  const StateId a = s.one({"a", {{1, 11}}}).id;
  const StateId b = s.one({"a", {{2, 12}}}).id;
  const StateId c = s.one({"a", {{3, 13}}}).id;
  s.one({"a", {{1, 14, 1}}});
  s.one({"a", {{2, 14, 1}}});  // two of one owner now look alike
  const Issued torn = s.one({"b", {{1, 14}}});
  CHECK(torn.status == Status::review);
  CHECK(torn.id == 0);
  REQUIRE(s.queue().size() >= 1);
  const OpenReview asked = s.queue("b").at(0);
  REQUIRE(asked.candidates.size() == 2);
  CHECK(s.say(asked.review, Verdict::same).error().code == ErrorCode::usage);
  CHECK(s.say(asked.review, Verdict::same, c).error().code == ErrorCode::usage);
  const auto part = s.say(asked.review, Verdict::different, a);
  REQUIRE(part);
  CHECK_FALSE(part->closed);
  CHECK(s.queue("b").size() == 1);
  const auto said = s.say(asked.review, Verdict::same, b);
  REQUIRE(said);
  CHECK(said->id == b);
  CHECK(verified(s.path) == "");
}

TEST_CASE("a district decides between its own records and people; the state decides the rest") {
  State s;
  const Sees b = [](const std::string& owner, auto, const auto&) { return owner == "b"; };
  const Sees c = [](const std::string& owner, auto, const auto&) { return owner == "c"; };
  const StateId of_a = s.one({"a", {{1, 11}}}).id;
  const StateId of_b = s.one({"b", {{2, 22}}}).id;
  CHECK(s.one({"b", {{3, 11, 0, true}}}).status == Status::review);  // question 1: near a's
  CHECK(s.one({"b", {{4, 22, 0, true}}}).status == Status::review);  // question 2: near its own
  const auto what = [](const auto& said) { return said ? "" : said.error().what; };
  // Somebody else's question is none.
  CHECK(what(s.say(2, Verdict::same, 0, c)) == what(s.say(99, Verdict::same, 0, c)));
  CHECK(what(s.say(2, Verdict::unsure, 0, c)) == what(s.say(99, Verdict::unsure, 0, c)));
  // Of a's person nothing is decided, nor is it told who that is: naming the right ID, another of
  // a's or one that was never issued makes no difference.
  for (const Verdict v : {Verdict::same, Verdict::different})
    CHECK(s.say(1, v, 0, b).error().code == ErrorCode::conflict);
  const StateId other_of_a = s.one({"a", {{9, 99}}}).id;
  for (const Verdict v : {Verdict::same, Verdict::different}) {
    CHECK(what(s.say(1, v, of_a, b)) == what(s.say(1, v, other_of_a, b)));
    CHECK(what(s.say(1, v, of_a, b)) == what(s.say(1, v, 1000000005, b)));
  }
  REQUIRE(s.say(1, Verdict::unsure, 0, b));
  CHECK(s.queue("b").size() == 2);
  const auto said = s.say(2, Verdict::same, of_b, b);
  REQUIRE(said);
  CHECK(said->id == of_b);
  CHECK(s.say(1, Verdict::same)->id == of_a);
  CHECK(verified(s.path) == "");
}

TEST_CASE("unsure and defer are noted, and the question stays") {
  State s;
  s.one({"a", {{1, 11}}});
  s.one({"b", {{1, 11, 0, true}}});
  REQUIRE(s.say(1, Verdict::unsure));
  REQUIRE(s.say(1, Verdict::defer));
  REQUIRE(s.queue().size() == 1);
  CHECK(s.queue()[0].rulings == 2);
  s.one({"b", {{1, 11, 0, true}}});  // sent again: the same question
  REQUIRE(s.queue().size() == 1);
  CHECK(s.queue()[0].review == 1);
  CHECK(verified(s.path) == "");
}

TEST_CASE(
    "an archived person of whom a new record is, is back, also where it had a provisional ID") {
  for (const bool provisional : {false, true}) {
    CAPTURE(provisional);
    State s;
    const StateId a = s.one({"a", {{1, 11}}}).id;
    {
      Registry r = open_registry(s.path, Access::write);
      REQUIRE(archive_id(r, a, {"ana", "left school"}));
    }
    s.one({"b", {{1, 11, 0, true}}}, provisional);
    const auto said = s.say(1, Verdict::same);
    REQUIRE(said);
    CHECK(said->id == a);
    Registry r = open_registry(s.path, Access::read);
    CHECK(find_id(r, a)->value().state == "live");
    CHECK(find_id(r, a)->value().records.size() == 2);
    CHECK(verified(s.path) == "");
  }
}

TEST_CASE("R5: a person makes a provisional ID permanent, or resolves it") {
  State s;
  const StateId a = s.one({"a", {{1, 11}}}).id;
  const Issued x = s.one({"b", {{1, 11, 0, true}}}, true);
  const Issued y = s.one({"c", {{1, 11, 0, true}}}, true);
  REQUIRE(x.provisional);
  REQUIRE(y.provisional);
  const auto kept = s.say(1, Verdict::different);
  REQUIRE(kept);
  CHECK(kept->id == x.id);
  const auto gone = s.say(2, Verdict::same, a);
  REQUIRE(gone);
  CHECK(gone->id == a);
  Registry r = open_registry(s.path, Access::read);
  CHECK((*find_id(r, x.id))->state == "live");
  CHECK((*find_id(r, y.id))->survivor == a);
  CHECK(count(r)->provisional == 0);
  CHECK(verified(s.path) == "");
}

TEST_CASE("a person's word is not overridden, however often the record comes back") {
  State s;
  const StateId a = s.one({"a", {{1, 11}}}).id;
  s.one({"b", {{1, 11, 0, true}}});
  const auto said = s.say(1, Verdict::different);
  REQUIRE(said);
  CHECK(said->issued);
  for (std::uint8_t version = 1; version < 3; ++version) {
    const Issued again = s.one({"b", {{1, 11, version}}});  // now surely alike
    CHECK(again.id == said->id);
    CHECK(again.id != a);
    CHECK(again.status == Status::existing);
  }
  CHECK(s.queue().empty());
  CHECK(verified(s.path) == "");
}

TEST_CASE("a record with too little evidence gets an ID of its own when a person says so") {
  State s;
  CHECK(s.one({"a", {{1, 11, 0, false, 0, false}}}).id == 0);
  const auto said = s.say(1, Verdict::different);
  REQUIRE(said);
  CHECK(said->issued);
  CHECK(s.one({"a", {{1, 11, 0, false, 0, false}}}).id == said->id);
}

TEST_CASE("R7: a match across student and staff is linked, or kept apart, and not asked again") {
  State s;
  const StateId student = s.one({"a", {{1, 11}}}).id;
  const StateId staff = s.one({"a", {{1, 11}}, encoded::Population::staff}).id;
  const auto said = s.say(1, Verdict::same);
  REQUIRE(said);
  {
    Registry r = open_registry(s.path, Access::read);
    CHECK((*find_id(r, student))->linked == staff);
  }
  s.one({"a", {{1, 11, 1}}, encoded::Population::staff});
  CHECK(s.queue().empty());
  CHECK(verified(s.path) == "");
}

TEST_CASE("a known record that now is another person moves when a person says so") {
  State s;
  const StateId a = s.one({"a", {{1, 11}}}).id;
  const StateId b = s.one({"b", {{1, 22}}}).id;
  const Issued odd = s.one({"a", {{1, 22, 1}}});  // the district used the number again
  CHECK(odd.status == Status::conflict);
  CHECK(odd.id == a);
  const auto said = s.say(1, Verdict::same);
  REQUIRE(said);
  CHECK(said->id == b);
  CHECK(s.one({"a", {{1, 22, 1}}}).id == b);
  Registry r = open_registry(s.path, Access::read);
  CHECK((*find_id(r, a))->state == "live");  // still that of the first person
  CHECK(verified(s.path) == "");
}

TEST_CASE("a held record is not decided: its owner must mend it") {
  State s;
  Row row{1, 11};
  row.held = true;
  const Issued held = s.one({"a", {row}});
  CHECK(held.reason == Reason::crowded_block);
  CHECK(held.id == 0);
  CHECK(s.say(1, Verdict::different).error().code == ErrorCode::conflict);
  REQUIRE(s.say(1, Verdict::defer));
  Registry r = open_registry(s.path, Access::read);
  CHECK(count(r)->alarms == 1);
  CHECK(count(r)->entries == 0);  // nothing of it is kept
}

}  // namespace rulings_test
