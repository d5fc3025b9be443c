#include "engine/access/access_log.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/file.h"
#include "tests/ledger/scratch.h"

namespace access_log_test {

using namespace tessera;
using namespace tessera::access;

namespace {

constexpr Time kNow = 1'800'000'000;
const std::string kWord = "four plain words here";

// An access log with a level 1 account, "e.marsh".
struct World {
  test::Scratch scratch;
  std::unique_ptr<Random> random = seeded_random(3);
  std::string path = scratch / "R.db.access";
  AccessLog log = make();

  static SigningKey key() {
    std::array<std::uint8_t, 32> seed{};
    seed[0] = 42;
    return SigningKey::from_seed(seed);
  }
  AccessLog make() {
    auto made = AccessLog::create(path, {}, key(), *random, kNow);
    REQUIRE(made);
    REQUIRE(made->add_account({"e.marsh", "Edna Marsh"}, kWord, {}, "e.marsh", Work::least, kNow));
    REQUIRE(made->add_grant(grant("e.marsh", 1, ""), kNow));
    return *std::move(made);
  }
  static Grant grant(std::string account, int level, std::string owner) {
    Grant g;
    g.account = std::move(account);
    g.level = level;
    g.owner = std::move(owner);
    g.form = "LRF-2027-001";
    g.approver = "e.marsh";
    return g;
  }
  void add(const std::string& name) {
    REQUIRE(log.add_account({name, "Some Person"}, kWord, {"north"}, "e.marsh", Work::least, kNow));
  }
  bool signs_in(const std::string& name, std::string_view word, Time now) {
    return log.sign_in(name, word, "1000@desk", Work::least, now).has_value();
  }
  bool verified(const std::vector<ledger::SignedHead>& anchors = {}) {
    Silent silent;
    return log.verify(anchors, silent).has_value();
  }
};

}  // namespace

TEST_CASE("a grant names approver and form; two ways to one, no third") {
  World w;
  w.add("j.doe");
  const auto fault = [&](const std::function<void(Grant&)>& change) {
    Grant g = World::grant("j.doe", 2, "north");
    change(g);
    const auto made = w.log.add_grant(g, kNow);
    return made ? std::string() : made.error().what;
  };
  CHECK(fault([](Grant& g) { g.approver = ""; }).find("approved") != std::string::npos);
  CHECK(fault([](Grant& g) { g.form = ""; }).find("Login Request Form") != std::string::npos);
  CHECK(fault([](Grant& g) { g.owner = ""; }) != "");
  CHECK(fault([](Grant& g) { g.level = 0; }) != "");
  CHECK(fault([](Grant& g) { g.level = 1; }) != "");  // level 1 is for no single owner
  CHECK(fault([](Grant& g) { g.set = "nothing"; }) != "");
  CHECK(fault([](Grant& g) { g.account = "nobody"; }) != "");
  CHECK(fault([](Grant& g) { g.records = {"zz"}; }) != "");
  const auto by_administrator = [](Grant& g) {
    g.path = Path::administrator;
    g.form = "";
  };
  CHECK(fault([&](Grant& g) {
          by_administrator(g);
          g.level = 1;
          g.owner = "";
        }) != "");
  CHECK(fault([&](Grant& g) {
          by_administrator(g);
          g.administrator = true;
        }) != "");
  CHECK(fault(by_administrator) == "");
  CHECK(fault([](Grant&) {}) == "");
  CHECK(w.verified());
}

TEST_CASE("five wrong passwords lock an account for a while, whatever then is tried") {
  World w;
  w.add("j.doe");
  CHECK(w.signs_in("j.doe", kWord, kNow));
  for (int i = 0; i < 5; ++i) CHECK_FALSE(w.signs_in("j.doe", "wrong wrong wrong", kNow + i));
  CHECK_FALSE(w.signs_in("j.doe", kWord, kNow + 10));
  CHECK_FALSE(w.signs_in("j.doe", kWord, kNow + 14 * 60));
  CHECK(w.signs_in("j.doe", kWord, kNow + 16 * 60));
  for (int i = 0; i < 4; ++i) CHECK_FALSE(w.signs_in("j.doe", "wrong wrong wrong", kNow + 2000));
  CHECK(w.signs_in("j.doe", kWord, kNow + 2000));  // a success forgets the failures
}

TEST_CASE("every failure to sign in says the same, and no event keeps a mistyped name") {
  World w;
  w.add("j.doe");
  const auto words = [&](const std::string& name, std::string_view word, Time now) {
    const auto in = w.log.sign_in(name, word, "1000@desk", Work::least, now);
    return in ? std::string() : in.error().what;
  };
  const std::string wrong = words("j.doe", "wrong wrong wrong", kNow);
  CHECK(wrong != "");
  CHECK(words("my secret password", kWord, kNow) == wrong);
  CHECK(words("j.doe", kWord, kNow + 400 * kDay) == wrong);  // expired
  REQUIRE(w.log.close_account("j.doe", "e.marsh", "left", kNow + 5));
  CHECK(words("j.doe", kWord, kNow + 6) == wrong);
  const std::string bytes = *read_file(w.path) + *read_file(w.path + "-wal");
  CHECK(bytes.find("my secret password") == std::string::npos);
  CHECK(bytes.find(kWord) == std::string::npos);
}

TEST_CASE("an initial password serves to be changed, and only for a week") {
  World w;
  w.add("j.doe");
  CHECK(w.log.sign_in("j.doe", kWord, "o", Work::least, kNow)->initial);
  CHECK_FALSE(w.signs_in("j.doe", kWord, kNow + 8 * kDay));
  REQUIRE(
      w.log.set_password("j.doe", "another four plain words", false, "j.doe", Work::least, kNow));
  CHECK_FALSE(w.log.sign_in("j.doe", "another four plain words", "o", Work::least, kNow + 8 * kDay)
                  ->initial);
  CHECK_FALSE(w.signs_in("j.doe", kWord, kNow));
}

TEST_CASE(
    "a session serves until it ends, is ended, its account is closed or its password changed") {
  World w;
  w.add("j.doe");
  const auto begin = [&] { return *w.log.begin_session("j.doe", "1000@desk", kNow); };
  const auto live = [&](const std::string& token, Time now) {
    const auto who = w.log.resume(token, "1000@desk", now);
    return who && who->account == "j.doe";
  };
  const std::string a = begin();
  const std::string b = begin();
  CHECK(a != b);
  CHECK(live(a, kNow + 100));
  CHECK_FALSE(live(a, kNow + 481 * 60));
  CHECK_FALSE(live(std::string(64, '0'), kNow));
  CHECK_FALSE(live("", kNow));
  REQUIRE(w.log.end_session(b, kNow));
  CHECK_FALSE(live(b, kNow));
  REQUIRE(
      w.log.set_password("j.doe", "another four plain words", false, "j.doe", Work::least, kNow));
  CHECK_FALSE(live(a, kNow));
  const std::string c = begin();
  REQUIRE(w.log.close_account("j.doe", "e.marsh", "left", kNow));
  CHECK_FALSE(live(c, kNow));
  CHECK(read_file(w.path)->find(c) == std::string::npos);
}

TEST_CASE(
    "a grant revoked, or a level changed, holds at the next request, in another process too") {
  World w;
  w.add("j.doe");
  const auto grant = w.log.add_grant(World::grant("j.doe", 2, "north"), kNow);
  REQUIRE(grant);
  auto other = AccessLog::open(w.path, w.log.name(), World::key(), *w.random);
  REQUIRE(other);
  const auto ask = [&](AccessLog& log, Time now) {
    return log.ask("j.doe", "review list", {}, "review of near matches", "o", now)->allowed;
  };
  CHECK(ask(*other, kNow + 1));
  REQUIRE(w.log.revoke_grant(*grant, "e.marsh", "moved away", kNow + 2));
  CHECK_FALSE(ask(*other, kNow + 2));
  CHECK_FALSE(w.log.revoke_grant(*grant, "e.marsh", "again", kNow + 3));
  REQUIRE(w.log.add_grant(World::grant("j.doe", 2, "north"), kNow + 3));
  CHECK(ask(*other, kNow + 4));
  std::string text(shipped_levels());
  const auto replace = [&text](std::string_view from, std::string_view to) {
    text.replace(text.find(from), from.size(), to);
  };
  CHECK_FALSE(w.log.set_levels(text, "e.marsh", kNow));  // not a higher version
  replace(fmt::format("\"version\": {}", w.log.levels().version), "\"version\": 100");
  replace("\"review list\": {\"levels\": [1, 2]", "\"review list\": {\"levels\": [1]");
  REQUIRE(w.log.set_levels(text, "e.marsh", kNow + 5));
  CHECK_FALSE(ask(*other, kNow + 5));
  CHECK(other->levels().version == 100);
  CHECK(w.verified());
}

TEST_CASE("every request and refusal is an event; altering, dropping, moving, cutting are found") {
  World w;
  w.add("j.doe");
  const auto before = *ledger::read_head(w.log.database());
  CHECK_FALSE(w.log.ask("j.doe", "registry info", {}, "audit", "o", kNow)->allowed);
  CHECK(w.log.ask("e.marsh", "registry info", {}, "audit", "o", kNow)->allowed);
  REQUIRE(
      w.log.answered("e.marsh", "registry info", "audit", {.fields = {"owners"}, .rows = 1}, kNow));
  CHECK(ledger::read_head(w.log.database())->seq == before.seq + 3);
  const auto anchor = *ledger::last_signed_head(w.log.database());
  CHECK(w.verified({anchor}));
  CHECK_FALSE(w.log.database().exec("DELETE FROM event"));
  for (const char* sql :
       {"UPDATE event SET body = replace(body, 'j.doe', 'k.roe') WHERE seq = 5",
        "DELETE FROM signed_head WHERE seq = 5; DELETE FROM event WHERE seq = 5",
        "DELETE FROM signed_head WHERE seq >= 7; DELETE FROM event WHERE seq >= 7",
        "UPDATE event SET seq = 99 WHERE seq = 5; UPDATE event SET seq = 5 WHERE seq = 6; "
        "UPDATE event SET seq = 6 WHERE seq = 99",
        "UPDATE grants SET level = 1", "UPDATE account SET until = until + 1",
        "DELETE FROM levels"}) {
    World t;
    t.add("j.doe");
    CHECK_FALSE(t.log.ask("j.doe", "registry info", {}, "audit", "o", kNow)->allowed);
    REQUIRE(t.log.add_grant(World::grant("j.doe", 2, "north"), kNow));
    const auto last = *ledger::last_signed_head(t.log.database());
    ledger::Database& db = t.log.database();
    auto triggers = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'");
    std::vector<std::pair<std::string, std::string>> guards;
    while (*triggers->step()) guards.emplace_back(triggers->text(0), triggers->text(1));
    REQUIRE(db.exec("PRAGMA foreign_keys=OFF"));
    for (const auto& [name, text] : guards) REQUIRE(db.exec("DROP TRIGGER " + name));
    REQUIRE(db.exec(sql));
    for (const auto& [name, text] : guards) REQUIRE(db.exec(text));
    CAPTURE(sql);
    CHECK_FALSE(t.verified({last}));
  }
}

TEST_CASE("another registry's log, a second one, and names used twice are refused") {
  World w;
  CHECK_FALSE(AccessLog::create(w.path, {}, World::key(), *w.random, kNow));
  CHECK_FALSE(AccessLog::open(w.path, {9}, World::key(), *w.random));
  w.add("j.doe");
  const auto again = [&](const char* name, const char* holder, const char* word) {
    return w.log.add_account({name, holder}, word, {"north"}, "e.marsh", Work::least, kNow)
        .has_value();
  };
  CHECK_FALSE(again("j.doe", "Jane Doe", kWord.c_str()));
  CHECK_FALSE(again("north.office", "Jane Doe", kWord.c_str()));
  CHECK_FALSE(again("k.roe", "Kim", kWord.c_str()));
  CHECK_FALSE(again("k.roe", "Kim Roe", "short"));
  CHECK(again("k.roe", "Kim Roe", kWord.c_str()));
}

}  // namespace access_log_test
