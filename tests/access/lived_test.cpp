// Ends that a clock set back does not take back: of accounts, grants, sessions, words, purposes.
#include "engine/access/lived.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/access/locator.h"
#include "tests/ledger/scratch.h"

namespace lived_test {

using namespace tessera;
using namespace tessera::access;

namespace {

constexpr Time kNow = 1'800'000'000;
constexpr Time kYear = 365 * kDay;
const std::string kWord = "four plain words here";
const std::string kPurpose = "transfer of a student";

SigningKey key() { return SigningKey::from_seed(std::array<std::uint8_t, 32>{1}); }

// A log with "j.doe" of the first day and "k.roe", who goes on being there.
struct World {
  test::Scratch scratch;
  std::unique_ptr<Random> random = seeded_random(12);
  AccessLog log = *AccessLog::create(scratch / "R.db.access", {}, key(), *random, kNow);

  World() {
    add("j.doe", kNow);
    grant("j.doe", kNow);
    add("k.roe", kNow + kYear / 2);
    grant("k.roe", kNow + kYear / 2);
  }
  void add(const std::string& name, Time now) {
    REQUIRE(log.add_account({name, "Jane Doe"}, kWord, {}, name, Work::least, now));
  }
  void grant(const std::string& name, Time now, Time until = 0) {
    Grant g;
    g.account = name;
    g.form = "F";
    g.approver = "e.marsh";
    g.until = until;
    REQUIRE(log.add_grant(g, now));
  }
  bool signs_in(const std::string& name, Time now) {
    return log.sign_in(name, kWord, "1@desk", Work::least, now).has_value();
  }
  bool may_ask(const std::string& name, Time now) {
    return log.ask(name, kLocator, {}, kPurpose, "1@desk", now)->allowed;
  }
  bool resumes(const std::string& token, Time now) {
    return log.resume(token, "1@desk", now).has_value();
  }
  std::size_t findings_of(const std::string& what, Time now) {
    std::size_t n = 0;
    const auto all = findings(log, now);
    REQUIRE(all);
    for (const Finding& f : *all) n += f.finding == what ? 1 : 0;
    return n;
  }
};

}  // namespace

TEST_CASE("an account whose year was over is not in force again under a clock set back") {
  World w;
  const Time day = kNow + kYear - kDay;
  const std::string token = *w.log.begin_session("j.doe", "1@desk", day);
  CHECK(w.may_ask("j.doe", day));
  CHECK(w.signs_in("j.doe", day));
  REQUIRE(w.signs_in("k.roe", kNow + kYear));  // the log has seen that day
  for (const Time back : {day, day + 1, kNow + 10, kNow + kYear - 1}) {
    CAPTURE(back);
    CHECK_FALSE(w.may_ask("j.doe", back));
    CHECK_FALSE(w.signs_in("j.doe", back));
    CHECK_FALSE(w.resumes(token, back));
    CHECK(w.findings_of("expired", back) >= 1);
  }
  CHECK(w.may_ask("k.roe", day));        // whose own end is still to come
  CHECK_FALSE(w.may_ask("j.doe", day));  // and who says nothing of an earlier day
  // Renewed is as good as new, also where the log has seen the new end already.
  REQUIRE(w.log.renew_account("k.roe", "e.marsh", kNow + kYear));
  REQUIRE(w.signs_in("k.roe", kNow + 2 * kYear - 1));
  REQUIRE(w.log.renew_account("j.doe", "e.marsh", day));
  CHECK(w.signs_in("j.doe", day));
  // A report about the past still says what was so then.
  CHECK((*w.log.account("j.doe"))->open_at(day));
}

TEST_CASE("a grant, a session, a first word and a purpose end once") {
  World w;
  w.add("m.poe", kNow + 10);
  w.grant("m.poe", kNow + 10, kNow + 30 * kDay);
  CHECK(w.may_ask("m.poe", kNow + 20));
  const std::string token = *w.log.begin_session("m.poe", "1@desk", kNow + 20);
  REQUIRE(w.log.set_password("j.doe", kWord, true, "e.marsh", Work::least, kNow + 20));
  CHECK(w.signs_in("j.doe", kNow + 30));
  std::string text(shipped_levels());
  const auto swap = [&text](const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, from.size(), to);
  };
  const std::string open = "\"owner\": \"state ID office\", \"until\": \"";
  const std::string name = fmt::format("\"name\": \"{}\", ", kPurpose);
  swap(fmt::format("\"version\": {}", w.log.levels().version), "\"version\": 1000");
  swap(name + open, name + open + day_of(kNow + 5 * kDay));
  REQUIRE(w.log.set_levels(text, "e.marsh", kNow + 40));
  CHECK(w.may_ask("j.doe", kNow + 50));

  REQUIRE(w.signs_in("k.roe", kNow + kYear / 2 + 10));  // the log has seen that day
  CHECK_FALSE(w.may_ask("m.poe", kNow + 60));
  CHECK_FALSE(w.resumes(token, kNow + 60));
  CHECK_FALSE(w.signs_in("j.doe", kNow + 60));
  const Decision d = *w.log.ask("j.doe", kLocator, {}, kPurpose, "1@desk", kNow + 60);
  CHECK(d.why == "this purpose has ended");
  CHECK(w.findings_of("no grant", kNow + 60) >= 1);
}

TEST_CASE("what is made after a clock ran ahead for a while lasts as long as any other") {
  World w;
  REQUIRE(w.may_ask("k.roe", kNow + kYear / 2 + 10));  // and then the clock is set right
  w.add("m.poe", kNow + kDay);
  w.grant("m.poe", kNow + kDay, kNow + 30 * kDay);
  CHECK(w.may_ask("m.poe", kNow + kDay + 10));
  const std::string token = *w.log.begin_session("m.poe", "1@desk", kNow + kDay + 10);
  CHECK(w.resumes(token, kNow + kDay + 600));
  REQUIRE(w.log.set_password("m.poe", kWord, true, "e.marsh", Work::least, kNow + kDay + 700));
  CHECK(w.signs_in("m.poe", kNow + kDay + 800));
  CHECK(w.may_ask("j.doe", kNow + kDay + 900));
}

TEST_CASE("a refused request under a clock that has jumped ahead is no proof of the day") {
  World w;
  CHECK_FALSE(w.signs_in("j.doe", kNow + 20 * kYear));
  CHECK_FALSE(w.may_ask("k.roe", kNow + 20 * kYear));
  CHECK(*lived(w.log.database()) == kNow + kYear / 2);
  CHECK(w.may_ask("j.doe", kNow + 30));
  CHECK(w.signs_in("j.doe", kNow + 40));
}

TEST_CASE("the newest event says the latest time, however many came under an earlier clock") {
  World w;
  const Time latest = kNow + kYear / 2 + 500;
  REQUIRE(w.may_ask("k.roe", latest));
  for (int i = 0; i < 5; ++i) {
    CHECK(w.may_ask("j.doe", kNow + i));
    CHECK_FALSE(w.log.sign_in("j.doe", "no", "1@desk", Work::least, kNow + 3 * kYear));
    CHECK(*lived(w.log.database()) == latest);
    int read = 0;
    REQUIRE(ledger::each_event_back(w.log.database(), [&](const ledger::Event& e) -> Result<bool> {
      CHECK(e.body.find(fmt::format("\"latest\":{}", latest)) != std::string::npos);
      return ++read < 2;
    }));
  }
  CHECK(w.may_ask("k.roe", latest + 1));
  CHECK(*lived(w.log.database()) == latest + 1);
  Silent silent;
  CHECK(w.log.verify({}, silent));
}

}  // namespace lived_test
