#include "engine/access/policy.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/random.h"

namespace policy_test {

using namespace tessera;
using namespace tessera::access;

namespace {

constexpr Time kNow = 1'800'000'000;

const Levels& shipped() {
  static const Levels levels = *read_levels(shipped_levels(), "shipped");
  return levels;
}
Account account(std::string name = "j.doe") {
  return {std::move(name), "Jane Doe", kNow - 1000, kNow + 1000, 0};
}
Grant grant(int level, std::string owner, People people = People::both) {
  Grant g;
  g.id = 1;
  g.account = "j.doe";
  g.level = level;
  g.owner = std::move(owner);
  g.people = people;
  g.approver = "e.marsh";
  g.form = "LRF-1";
  g.made = kNow - 500;
  g.until = kNow + 500;
  return g;
}

// The policy once more, plainly: one sentence of it a line. True: this grant lets the verb.
bool plainly_lets(const VerbRule& rule, const Grant& g, const std::string& owner, People people) {
  const bool people_meet = g.people == People::both || people == People::both || g.people == people;
  if (rule.administrator && g.administrator)
    return owner != "" && owner == g.owner && (g.people == People::both || g.people == people);
  if (g.set != "") return std::count(rule.sets.begin(), rule.sets.end(), g.set) > 0 && people_meet;
  if (std::count(rule.levels.begin(), rule.levels.end(), g.level) == 0) return false;
  if (g.level == 2 || g.level == 3) return people_meet && (owner == "" || owner == g.owner);
  return people_meet;
}

}  // namespace

TEST_CASE("nobody, the expired, the closed, the unknown verb and the wrong purpose are refused") {
  const std::vector<Grant> all = {grant(1, "")};
  const Account a = account();
  const auto ask = [&](const Account* who, std::string_view verb, std::string_view purpose,
                       Time time) { return may(shipped(), who, all, verb, {}, purpose, time); };
  CHECK(ask(&a, "registry info", "audit", kNow).allowed);
  CHECK(ask(nullptr, "registry info", "audit", kNow).why == "nobody signed in");
  CHECK_FALSE(ask(&a, "registry info", "audit", kNow + 600).allowed);   // the grant has ended
  CHECK_FALSE(ask(&a, "registry info", "audit", kNow + 2000).allowed);  // the account has
  Account closed = a;
  closed.closed = kNow - 1;
  CHECK_FALSE(ask(&closed, "registry info", "audit", kNow).allowed);
  CHECK_FALSE(ask(&a, "registry burn", "audit", kNow).allowed);
  CHECK_FALSE(ask(&a, "registry info", "", kNow).allowed);
  CHECK_FALSE(ask(&a, "registry info", "curiosity", kNow).allowed);
  CHECK_FALSE(ask(&a, "registry info", "linkage study", kNow).allowed);
  Grant other = grant(1, "");
  other.account = "k.roe";
  CHECK_FALSE(
      may(shipped(), &a, std::vector<Grant>{other}, "registry info", {}, "audit", kNow).allowed);
}

TEST_CASE("a purpose ends on its last day") {
  Levels levels = shipped();
  levels.purposes.front().until = day_of(kNow);  // "id assignment"
  const Account a = account();
  const std::vector<Grant> all = {grant(1, "")};
  CHECK(may(levels, &a, all, "assign", {}, "id assignment", kNow).allowed);
  const Account later{"j.doe", "Jane Doe", 0, kNow + 200'000, 0};
  std::vector<Grant> longer = all;
  longer[0].until = kNow + 200'000;
  CHECK_FALSE(may(levels, &later, longer, "assign", {}, "id assignment", kNow + 86'400).allowed);
  CHECK(may(levels, &later, longer, "assign", {}, "correction", kNow + 86'400).allowed);
}

TEST_CASE("a revoked grant is none from that second on, and was one before") {
  const Account a = account();
  std::vector<Grant> all = {grant(2, "north")};
  all[0].revoked = kNow;
  const auto ask = [&](Time t) {
    return may(shipped(), &a, all, "review list", {}, "review of near matches", t).allowed;
  };
  CHECK(ask(kNow - 1));
  CHECK_FALSE(ask(kNow));
}

TEST_CASE("a changed level changes what a role gets at once") {
  Levels levels = shipped();
  CHECK(levels.shows("id show", "resolves_to", 3));
  levels.answers["id show"]["resolves_to"] = 2;
  CHECK_FALSE(levels.shows("id show", "resolves_to", 3));
}

TEST_CASE("a district administrator acts for the own district and its people, nowhere else") {
  const Account a = account();
  Grant g = grant(2, "north", People::students);
  g.administrator = true;
  const std::vector<Grant> all = {g};
  const auto ask = [&](std::string owner, People people) {
    return may(shipped(), &a, all, "access grant", {std::move(owner), people}, "operation", kNow)
        .allowed;
  };
  CHECK(ask("north", People::students));
  CHECK_FALSE(ask("north", People::both));
  CHECK_FALSE(ask("north", People::staff));
  CHECK_FALSE(ask("south", People::students));
  CHECK_FALSE(ask("", People::students));
}

TEST_CASE(
    "fuzz of role x verb x object, students and staff: as the plain rules say, no foreign row") {
  const std::vector<std::string> owners = {"north", "south", "east"};
  const People peoples[] = {People::both, People::students, People::staff};
  Splitmix g(11);
  std::vector<std::string> verbs;
  for (const auto& [verb, rule] : shipped().verbs) verbs.push_back(verb);
  int allowed = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::vector<Grant> held;
    for (std::uint64_t n = g.below(3); n-- > 0;) {
      Grant x = grant(static_cast<int>(1 + g.below(4)), "", peoples[g.below(3)]);
      if (g.chance(0.2)) {
        x.set = g.chance(0.5) ? "audit" : "operations";
        x.level = shipped().sets.at(x.set);
      } else if (x.level == 2 || x.level == 3) {
        x.owner = owners[g.below(3)];
        x.administrator = x.level == 2 && g.chance(0.3);
        if (x.level == 3 && g.chance(0.5)) x.records = {std::string(32, 'a')};
      }
      if (g.chance(0.2)) x.revoked = kNow - 10;
      if (g.chance(0.2)) x.until = kNow - 10;
      held.push_back(std::move(x));
    }
    const std::string& verb = verbs[g.below(verbs.size())];
    const VerbRule& rule = shipped().verbs.at(verb);
    const std::string owner = g.chance(0.5) ? "" : owners[g.below(3)];
    const People people = peoples[g.below(3)];
    const Account a = account();
    const Decision d = may(shipped(), &a, held, verb, {owner, people}, rule.purposes[0], kNow);
    const bool expected = std::ranges::any_of(held, [&](const Grant& x) {
      return x.revoked == 0 && x.until > kNow && plainly_lets(rule, x, owner, people);
    });
    REQUIRE(d.allowed == expected);
    allowed += d.allowed ? 1 : 0;
    for (const std::string& row_owner : owners)
      for (const People row : {People::students, People::staff}) {
        const int level = d.level_for(row_owner, row, std::string(32, 'b'));
        if (level == 0) continue;
        // Somebody holds a living grant that covers exactly this row.
        REQUIRE(std::ranges::any_of(held, [&](const Grant& x) {
          const bool whole = x.set != "" || x.level == 1 || x.level == 4;
          return x.revoked == 0 && x.until > kNow && x.level == level &&
                 (x.people == People::both || x.people == row) && (whole || x.owner == row_owner) &&
                 x.records.empty();
        }));
      }
    if (const int level = d.level_for_all(); level != 0)
      REQUIRE(std::ranges::any_of(held, [&](const Grant& x) { return x.owner.empty(); }));
  }
  CHECK(allowed > 5'000);
  CHECK(allowed < 55'000);
}

TEST_CASE("days and back") {
  CHECK(day_of(0) == "1970-01-01");
  CHECK(day_of(951'782'400) == "2000-02-29");
  CHECK(time_of_day("2000-02-29") == 951'782'400);
  for (const char* bad : {"2001-02-29", "2001-2-09", "01-01-2001", "2001-13-01", "", "2001-01-0a"})
    CHECK_FALSE(time_of_day(bad));
}

}  // namespace policy_test
