// The tables of the access log are what its events make: a row changed by hand is found, whichever.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/access/access_state.h"
#include "tests/ledger/scratch.h"

namespace access_tables_test {

using namespace tessera;
using namespace tessera::access;

namespace {

constexpr Time kNow = 1'800'000'000;

AccessLog filled(const std::string& path, Random& random) {
  auto log = AccessLog::create(path, {}, SigningKey::from_seed(std::array<std::uint8_t, 32>{4}),
                               random, kNow);
  REQUIRE(log);
  for (const char* name : {"j.doe", "k.roe"})
    REQUIRE(log->add_account({name, "Some Person"}, "four plain words here", {}, name, Work::least,
                             kNow));
  Grant g;
  g.account = "j.doe";
  g.level = 3;
  g.owner = "north";
  g.records = {std::string(32, 'a')};
  g.form = "F-1";
  g.approver = "e.marsh";
  REQUIRE(log->add_grant(g, kNow));
  REQUIRE(log->add_grant(g, kNow));
  REQUIRE(log->revoke_grant(2, "e.marsh", "left", kNow + 1));
  REQUIRE(log->close_account("k.roe", "e.marsh", "left", kNow + 2));
  return *std::move(log);
}

}  // namespace

TEST_CASE("every column that an event makes is compared with the replay") {
  const test::Scratch scratch;
  const std::unique_ptr<Random> random = seeded_random(31);
  int n = 0;
  for (const auto& [table, damage] : std::initializer_list<std::pair<const char*, const char*>>{
           {"account", "UPDATE account SET holder = 'Another Person' WHERE name = 'j.doe'"},
           {"account", "UPDATE account SET until = until + 1 WHERE name = 'j.doe'"},
           {"account", "UPDATE account SET closed = 0 WHERE name = 'k.roe'"},
           {"account", "UPDATE account SET made = made - 1 WHERE name = 'k.roe'"},
           {"grants", "UPDATE grants SET level = 1 WHERE id = 1"},
           {"grants", "UPDATE grants SET owner = 'south' WHERE id = 1"},
           {"grants", "UPDATE grants SET records = '' WHERE id = 1"},
           {"grants", "UPDATE grants SET administrator = 1 WHERE id = 1"},
           {"grants", "UPDATE grants SET people = 2 WHERE id = 1"},
           {"grants", "UPDATE grants SET form = 'F-2' WHERE id = 1"},
           {"grants", "UPDATE grants SET approver = 'j.doe' WHERE id = 1"},
           {"grants", "UPDATE grants SET until = until + 1 WHERE id = 1"},
           {"grants", "UPDATE grants SET revoked = 0 WHERE id = 2"},
           {"grants", "UPDATE grants SET reason = 'x' WHERE id = 2"},
           {"grants", "DELETE FROM grants WHERE id = 2"},
           {"levels", "UPDATE levels SET text = replace(text, '50', '51')"},
           {"levels", "UPDATE levels SET made = made - 1"}}) {
    CAPTURE(damage);
    AccessLog log = filled(scratch / fmt::format("{}.access", n++), *random);
    Silent silent;
    REQUIRE(log.verify({}, silent).has_value());
    // A trigger that forbids it is as good as the comparison.
    if (!log.database().exec(damage)) continue;
    const auto verified = log.verify({}, silent);
    REQUIRE_FALSE(verified);
    CHECK(verified.error().what.find(fmt::format("table {} ", table)) != std::string::npos);
  }
}

TEST_CASE("an event that makes no row leaves the tables as they are, and a name comes once") {
  auto db = ledger::Database::in_memory();
  REQUIRE(db);
  REQUIRE(db->exec(replay_ddl()));
  REQUIRE(apply_event(*db, "ask", R"({"account":"j.doe","at":1})"));
  CHECK(*db->integer("SELECT (SELECT count(*) FROM account) + (SELECT count(*) FROM grants)") == 0);
  REQUIRE(apply_event(*db, "account", R"({"account":"j.doe","at":1,"holder":"J D","until":9})"));
  CHECK(*db->integer("SELECT until FROM account WHERE name = 'j.doe'") == 9);
  // A name comes once.
  CHECK_FALSE(
      apply_event(*db, "account", R"({"account":"j.doe","at":2,"holder":"J D","until":9})"));
}

}  // namespace access_tables_test
