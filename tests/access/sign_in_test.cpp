// Clocks that jump, and sessions: what signing in does when time is not what it was.
#include <doctest/doctest.h>

#include "engine/access/access_log.h"
#include "engine/access/budget.h"
#include "engine/access/locator.h"
#include "tests/ledger/scratch.h"

namespace sign_in_test {

using namespace tessera;
using namespace tessera::access;

namespace {

constexpr Time kNow = 1'800'000'000;
constexpr Time kYear = 365 * kDay;
const std::string kWord = "four plain words here";

SigningKey key() { return SigningKey::from_seed(std::array<std::uint8_t, 32>{1}); }

// A log with the registrar "j.doe", who has chosen the password.
struct World {
  test::Scratch scratch;
  std::unique_ptr<Random> random = seeded_random(11);
  AccessLog log = *AccessLog::create(scratch / "R.db.access", {}, key(), *random, kNow);
  std::int64_t grant = 0;

  World() {
    REQUIRE(log.add_account({"j.doe", "Jane Doe"}, kWord, {}, "j.doe", Work::least, kNow));
    Grant g;
    g.account = "j.doe";
    g.form = "F";
    g.approver = "e.marsh";
    const auto made = log.add_grant(g, kNow);
    REQUIRE(made);
    grant = *made;
  }
  bool signs_in(Time now, const std::string& word = kWord) {
    return log.sign_in("j.doe", word, "1@desk", Work::least, now).has_value();
  }
  bool may_ask(Time now) {
    return log.ask("j.doe", kLocator, {}, "transfer of a student", "1@desk", now)->allowed;
  }
  std::string session(Time now) { return *log.begin_session("j.doe", "1@desk", now); }
  bool resumes(const std::string& token, Time now) {
    return log.resume(token, "1@desk", now).has_value();
  }
};

}  // namespace

TEST_CASE("what was revoked or closed stays so when the clock is set back behind it") {
  World w;
  CHECK(w.may_ask(kNow + 100));
  REQUIRE(w.log.revoke_grant(w.grant, "e.marsh", "left", kNow + 200));
  CHECK_FALSE(w.may_ask(kNow + 200));
  CHECK_FALSE(w.may_ask(kNow + 100));
  Grant again;
  again.account = "j.doe";
  again.form = "F";
  again.approver = "e.marsh";
  REQUIRE(w.log.add_grant(again, kNow + 210));
  CHECK(w.may_ask(kNow + 220));
  const std::string token = w.session(kNow + 220);
  REQUIRE(w.log.close_account("j.doe", "e.marsh", "left", kNow + 300));
  for (const Time now : {kNow + 220, kNow + 299, kNow + 300, kNow + kYear}) {
    CAPTURE(now);
    CHECK_FALSE(w.may_ask(now));
    CHECK_FALSE(w.signs_in(now));
    CHECK_FALSE(w.resumes(token, now));
  }
  // A report about the past still says what was so then.
  CHECK((*w.log.account("j.doe"))->open_at(kNow + 299));
  CHECK(w.log.grants("j.doe")->front().in_force(kNow + 199));
}

TEST_CASE("a session lasts its minutes, and none that was begun ahead of the clock is taken up") {
  World w;
  const Time minutes = w.log.levels().rules.session_minutes * 60;
  const Time begun = kNow + kDay;
  const std::string token = w.session(begun);
  CHECK(w.resumes(token, begun + minutes - 1));
  CHECK(w.resumes(token, begun - 600));  // clocks are set back by minutes now and then
  CHECK_FALSE(w.resumes(token, begun - 2 * kClockStep));
  CHECK_FALSE(w.resumes(token, begun + minutes));
  CHECK_FALSE(w.resumes(token.substr(2), kNow));
  CHECK_FALSE(w.resumes("", kNow));
  // The machine believed in next year, then not: the session would have lived till then.
  const std::string ahead = w.session(kNow + kYear - kDay);
  CHECK(w.resumes(ahead, kNow + kYear - kDay + 60));
  CHECK_FALSE(w.resumes(ahead, kNow + 10));
  REQUIRE(w.log.end_session(ahead, kNow + 20));
  CHECK_FALSE(w.log.end_session(ahead, kNow + 20));
  CHECK_FALSE(w.resumes(ahead, kNow + kYear - kDay + 61));
}

TEST_CASE("a lock outlives a clock that is set back, and a new password ends it") {
  World w;
  for (int i = 0; i < w.log.levels().rules.failures; ++i) CHECK_FALSE(w.signs_in(kNow + i, "no"));
  CHECK_FALSE(w.signs_in(kNow + 60));
  CHECK_FALSE(w.signs_in(kNow - kYear / 2));
  REQUIRE(w.log.set_password("j.doe", "other plain words here", false, "e.marsh", Work::least,
                             kNow + 70));
  CHECK(w.signs_in(kNow + 80, "other plain words here"));
}

TEST_CASE("an initial password that was given ahead of the clock is none") {
  World w;
  const std::string given = "words of somebody else";
  REQUIRE(w.log.set_password("j.doe", given, true, "e.marsh", Work::least, kNow + kYear / 2));
  CHECK_FALSE(w.signs_in(kNow, given));
  REQUIRE(w.log.set_password("j.doe", given, true, "e.marsh", Work::least, kNow + 10));
  CHECK(w.signs_in(kNow + 20, given));
}

TEST_CASE("a clock that jumps ahead and back gives no budget twice, and leaves the next day's") {
  World w;
  const Time morning = start_of_local_day(w.log.levels().rules, kNow) + 9 * 3'600 + kDay;
  const auto spend = [&](Time from) {
    int n = 0;
    while (n < 1000 && w.may_ask(from + n)) ++n;
    return n;
  };
  const int budget = spend(morning);
  CHECK(budget == w.log.levels().verb(kLocator)->per_day);
  CHECK(spend(morning - 90 * kDay) == 0);       // not open yet, so long ago
  CHECK(spend(morning + 30 * kDay) == budget);  // the machine believes in another day
  CHECK(spend(morning + 60) == 0);
  CHECK(spend(morning + kDay) == budget);
}

TEST_CASE("a clock that goes back for a few requests and is set right gives no budget twice") {
  for (const Time back : {2 * kDay, 3 * kYear}) {
    World w;
    const Time morning = start_of_local_day(w.log.levels().rules, kNow) + 9 * 3'600 + kDay;
    int n = 0;
    while (n < 1000 && w.may_ask(morning + n)) ++n;
    CHECK(n == w.log.levels().verb(kLocator)->per_day);
    for (int i = 0; i < 20; ++i) CHECK_FALSE(w.signs_in(morning - back + i, "no"));
    CHECK_FALSE(w.may_ask(morning + 2'000));
    CHECK(w.may_ask(morning + kDay));
  }
}

TEST_CASE("a clock that has jumped ahead ends what has a day, and gives it back when set right") {
  World w;
  const std::string token = w.session(kNow + 10);
  CHECK(w.may_ask(kNow + 20));
  for (const Time ahead : {20 * kYear, 100 * kYear}) {
    CHECK_FALSE(w.may_ask(kNow + ahead));
    CHECK_FALSE(w.signs_in(kNow + ahead));
    CHECK_FALSE(w.resumes(token, kNow + ahead));
  }
  CHECK(w.may_ask(kNow + 30));
  CHECK(w.signs_in(kNow + 40));
  CHECK(w.resumes(token, kNow + 50));
}

}  // namespace sign_in_test
