#include "engine/access/budget.h"

#include <doctest/doctest.h>

#include "engine/access/access_log.h"
#include "engine/access/locator.h"
#include "engine/core/json.h"
#include "tests/ledger/scratch.h"

namespace budget_test {

using namespace tessera;
using namespace tessera::access;

namespace {

constexpr Time kNow = 1'800'000'000;

SigningKey key() { return SigningKey::from_seed(std::array<std::uint8_t, 32>{}); }

// A log with two registrars of level 4 and a budget of five questions.
struct World {
  test::Scratch scratch;
  std::unique_ptr<Random> random = seeded_random(7);
  std::string path = scratch / "R.db.access";
  AccessLog log = *AccessLog::create(path, {}, key(), *random, kNow - kDay);

  World() {
    set_budget(5, 3, kNow - kDay);
    for (const char* name : {"j.doe", "k.roe"}) {
      REQUIRE(log.add_account({name, "Some Person"}, "four plain words here", {}, name, Work::least,
                              kNow - kDay));
      Grant g;
      g.account = name;
      g.form = "F";
      g.approver = "e.marsh";
      REQUIRE(log.add_grant(g, kNow - kDay));
    }
  }
  void set_budget(int per_day, std::int64_t version, Time at) {
    json::Value policy = *json::parse(shipped_levels(), "shipped");
    json::Value verbs = *policy.find("verbs");
    json::Value rule = *verbs.find(kLocator);
    rule.set("per_day", per_day);
    verbs.set(kLocator, rule);
    policy.set("verbs", verbs);
    policy.set("version", 100 + version);
    REQUIRE(log.set_levels(json::to_canonical(policy), "e.marsh", at));
  }
  static bool ask(AccessLog& of, const std::string& who, Time at) {
    return of.ask(who, kLocator, {}, "transfer of a student", "1@desk", at)->allowed;
  }
};

}  // namespace

TEST_CASE("a local day begins at local midnight, west and east of Greenwich, before 1970 too") {
  Rules maine;
  const Time midnight = *time_of_day("2027-01-15") + 5 * 3600;
  CHECK(start_of_local_day(maine, midnight) == midnight);
  CHECK(start_of_local_day(maine, midnight + kDay - 1) == midnight);
  CHECK(start_of_local_day(maine, midnight - 1) == midnight - kDay);
  Rules east;
  east.utc_offset_minutes = 330;
  CHECK(start_of_local_day(east, 0) == -330 * 60);
  CHECK(start_of_local_day(east, -330 * 60 - 1) == -330 * 60 - kDay);
}

TEST_CASE("the budget ends at its number, for that account and that day, and the log says so") {
  World w;
  for (int i = 0; i < 5; ++i) CHECK(World::ask(w.log, "j.doe", kNow + i));
  const auto refused = *w.log.ask("j.doe", kLocator, {}, "transfer of a student", "o", kNow + 9);
  CHECK_FALSE(refused.allowed);
  CHECK(refused.grants.empty());
  CHECK(refused.why.find("used up") != std::string::npos);
  CHECK(World::ask(w.log, "k.roe", kNow + 9));
  // Refused questions do not count, and cost nothing of tomorrow.
  for (int i = 0; i < 20; ++i) CHECK_FALSE(World::ask(w.log, "j.doe", kNow + 10 + i));
  const Time tomorrow = start_of_local_day(w.log.levels().rules, kNow) + kDay;
  CHECK_FALSE(World::ask(w.log, "j.doe", tomorrow - 1));
  for (int i = 0; i < 5; ++i) CHECK(World::ask(w.log, "j.doe", tomorrow + i));
  CHECK_FALSE(World::ask(w.log, "j.doe", tomorrow + 5));
  CHECK(*let_through(w.log.database(), "j.doe", kLocator, kNow) == 10);
  CHECK(*let_through(w.log.database(), "j.doe", kLocator, tomorrow) == 5);
  CHECK(*let_through(w.log.database(), "j.doe", "id show", kNow) == 0);
}

TEST_CASE("two processes share one budget, and a smaller one holds at the next question") {
  World w;
  AccessLog other = *AccessLog::open(w.path, w.log.name(), key(), *w.random);
  int through = 0;
  for (int i = 0; i < 12; ++i) through += World::ask(i % 2 == 0 ? w.log : other, "j.doe", kNow + i);
  CHECK(through == 5);
  CHECK(World::ask(other, "k.roe", kNow));
  w.set_budget(1, 4, kNow);
  CHECK_FALSE(World::ask(other, "k.roe", kNow + 1));
}

TEST_CASE("a clock set back by less than an hour gives no new budget") {
  World w;
  for (int i = 0; i < 4; ++i) CHECK(World::ask(w.log, "j.doe", kNow + i));
  const Time midnight = start_of_local_day(w.log.levels().rules, kNow);
  CHECK(World::ask(w.log, "k.roe", midnight - 3000));
  CHECK(World::ask(w.log, "j.doe", kNow + 5));
  CHECK_FALSE(World::ask(w.log, "j.doe", kNow + 6));
}

}  // namespace budget_test
