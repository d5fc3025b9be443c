#include "engine/access/locator.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "engine/access/budget.h"
#include "tests/ledger/scratch.h"

namespace locator_test {

using namespace tessera;
using namespace tessera::access;

namespace {

constexpr Time kHour = 3'600;
// Friday 2027-01-15, 10 in the morning in Maine.
const Time kMorning = *time_of_day("2027-01-15") + 15 * kHour;

struct World {
  test::Scratch scratch;
  std::unique_ptr<Random> random = seeded_random(8);
  AccessLog log = *AccessLog::create(scratch / "R.db.access", {},
                                     SigningKey::from_seed(std::array<std::uint8_t, 32>{}), *random,
                                     kMorning - 90 * kDay);

  explicit World(std::initializer_list<const char*> names = {"j.doe"}) {
    for (const char* name : names) {
      REQUIRE(log.add_account({name, "Some Person"}, "four plain words here", {}, name, Work::least,
                              kMorning - 90 * kDay));
      Grant g;
      g.account = name;
      g.form = "F";
      g.approver = "e.marsh";
      REQUIRE(log.add_grant(g, kMorning - 90 * kDay));
    }
  }
  void ask(const std::string& who, std::string_view outcome, Time at, bool outside = false,
           const std::string& owner = "north") {
    const auto d = *log.ask(who, kLocator, {owner}, "transfer of a student", "1@desk", at);
    if (!d.allowed) return;
    AccessLog::Shown shown;
    shown.outcome = outcome;
    shown.outside = outside;
    REQUIRE(log.answered(who, kLocator, "transfer of a student", shown, at));
  }
  // The alarms of an account, without their common beginning.
  std::string kinds(const std::string& who, Time now) {
    const auto found = locator_alarms(log, now);
    REQUIRE(found);
    std::string out;
    for (const Finding& f : *found)
      if (f.account == who) out += f.finding.substr(std::string_view("locator: ").size()) + ";";
    return out;
  }
};

}  // namespace

TEST_CASE("an ordinary registrar raises no alarm in a busy August") {
  World w;
  for (int day = 0; day < 5; ++day)
    for (int i = 0; i < 30; ++i)
      w.ask("j.doe", i % 3 == 0 ? kNone : kFound, kMorning - 4 * kDay + day * kDay + i * 240, true);
  // The fourth day of these, and the fifth, are Thursday and Friday; the first is a Monday.
  CHECK(w.kinds("j.doe", kMorning + kDay) == "");
}

TEST_CASE("an account that tries names is told apart by its hits, also when it asks slowly") {
  World w({"j.doe", "k.roe"});
  for (int i = 0; i < 20; ++i) w.ask("j.doe", i < 5 ? kFound : kNone, kMorning + i * 900);
  for (int i = 0; i < 20; ++i) w.ask("k.roe", i < 6 ? kContact : kNone, kMorning + i * 900);
  CHECK(w.kinds("j.doe", kMorning + kDay) == "few hits;");
  CHECK(w.kinds("k.roe", kMorning + kDay) == "");
  World few;
  for (int i = 0; i < 9; ++i) few.ask("j.doe", kNone, kMorning + i);
  CHECK(few.kinds("j.doe", kMorning + kDay) == "");
  few.ask("j.doe", kTooLittle, kMorning + 9);  // a question too weak to answer is a miss as well
  CHECK(few.kinds("j.doe", kMorning + kDay) == "few hits;");
}

TEST_CASE("an account that draws out a list is told apart by its bursts") {
  World w({"j.doe", "k.roe", "l.poe"});
  for (int i = 0; i < 8; ++i) w.ask("j.doe", kFound, kMorning + i * 42, true);
  for (int i = 0; i < 8; ++i) w.ask("k.roe", kFound, kMorning + i * 43, true);  // 301 s
  for (int i = 0; i < 20; ++i) w.ask("l.poe", kFound, kMorning + i, false);     // own people
  CHECK(w.kinds("j.doe", kMorning + kDay) == "burst;");
  CHECK(w.kinds("k.roe", kMorning + kDay) == "");
  CHECK(w.kinds("l.poe", kMorning + kDay) == "");
}

TEST_CASE("questions at night, at a weekend, for two districts, or beyond the budget are alarms") {
  World w({"a.one", "b.two", "c.three", "d.four", "e.five"});
  w.ask("a.one", kFound, kMorning + 10 * kHour - 1);  // 19:59:59
  w.ask("b.two", kFound, kMorning + 10 * kHour);
  w.ask("c.three", kFound, kMorning + kDay);  // Saturday
  w.ask("d.four", kFound, kMorning);
  w.ask("d.four", kFound, kMorning + 60, false, "south");
  for (int i = 0; i < 51; ++i) w.ask("e.five", kFound, kMorning + i);
  const Time then = kMorning + 2 * kDay;
  CHECK(w.kinds("a.one", then) == "");
  CHECK(w.kinds("b.two", then) == "off hours;");
  CHECK(w.kinds("c.three", then) == "off hours;");
  CHECK(w.kinds("d.four", then) == "districts;");
  CHECK(w.kinds("e.five", then) == "budget;");
  CHECK(w.kinds("e.five", kMorning + 31 * kDay) == "budget;");
  CHECK(w.kinds("e.five", kMorning + 32 * kDay) == "");
}

}  // namespace locator_test
