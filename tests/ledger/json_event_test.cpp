#include "engine/ledger/json_event.h"

#include <doctest/doctest.h>

#include "engine/ledger/event_log.h"

using namespace tessera;
using namespace tessera::ledger;

namespace {

Database small() {
  auto db = Database::in_memory();
  REQUIRE(db.has_value());
  REQUIRE(db->exec(event_ddl()));
  REQUIRE(db->exec("CREATE TABLE thing(id INTEGER PRIMARY KEY) STRICT"));
  return std::move(*db);
}

}  // namespace

TEST_CASE("a change and its event come together, or not at all") {
  Database db = small();
  const auto count = [&](const char* table) {
    return *db.integer(std::string("SELECT count(*) FROM ") + table);
  };
  REQUIRE(change_with_event(db, "made", json::Object{{"n", 1}},
                            [&] { return db.exec("INSERT INTO thing VALUES(1)"); }));
  CHECK(count("thing") == 1);
  CHECK(count("event") == 1);
  const auto refused = change_with_event(db, "made", json::Object{{"n", 2}}, [&]() -> Result<void> {
    TESSERA_CHECK(db.exec("INSERT INTO thing VALUES(2)"));
    return db.exec("INSERT INTO thing VALUES(1)");
  });
  CHECK_FALSE(refused);
  CHECK_FALSE(db.in_transaction());
  CHECK(count("thing") == 1);
  CHECK(count("event") == 1);
  Silent silent;
  std::string body;
  REQUIRE(verify_chain(db, silent, [&](const Event& e) -> Result<void> {
    body = e.body;
    return {};
  }));
  CHECK(body == R"({"n":1})");
}

TEST_CASE("a member of a body, or nothing of it") {
  const auto body = json::parse(R"({"a": "x", "n": 7, "yes": true, "no": false})", "test");
  REQUIRE(body);
  CHECK(text_of(*body, "a") == "x");
  CHECK(text_of(*body, "n") == "");
  CHECK(text_of(*body, "none") == "");
  CHECK(integer_of(*body, "n") == 7);
  CHECK(integer_of(*body, "a") == 0);
  CHECK(is_true(*body, "yes"));
  CHECK_FALSE(is_true(*body, "no"));
  CHECK_FALSE(is_true(*body, "n"));
}
