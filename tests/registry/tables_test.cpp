// What the ledger's tables refuse, whoever writes to them: the three invariants as constraints.
#include "engine/registry/tables.h"

#include <doctest/doctest.h>

#include "tests/registry/database_of.h"

using namespace tessera;
using namespace tessera::registry;
using test::database_of;

namespace {

// Two students and a member of staff, one record each.
ledger::Database small_ledger() {
  ledger::Database database = database_of(ledger_ddl());
  REQUIRE(database
              .exec(R"sql(
INSERT INTO owner VALUES(1, 'north');
INSERT INTO person VALUES(1, 1), (2, 1), (3, 2);
INSERT INTO state_id VALUES(1000000001, 1, 1, 1, NULL), (1000000002, 1, 2, 2, NULL), (1000000003, 2, 3, 1, NULL);
INSERT INTO record VALUES(1, 1, 0, zeroblob(16), 1, 0, 1);
INSERT INTO alias VALUES('migrant', 'M1', 1000000001);
INSERT INTO change VALUES(1, 1, 1000000001, 1000000002, 'ann', 'why', 0, NULL, NULL);
)sql")
              .has_value());
  return database;
}

bool takes(std::string_view sql) {
  ledger::Database database = small_ledger();
  const auto done = database.exec(sql);
  if (!done) CHECK(done.error().code == ErrorCode::conflict);
  return done.has_value();
}

}  // namespace

TEST_CASE("R1: an ID keeps its person, and is given once") {
  CHECK(!takes("DELETE FROM state_id WHERE id = 1000000001"));
  CHECK(!takes("UPDATE state_id SET person = 2 WHERE id = 1000000001"));
  CHECK(!takes("UPDATE state_id SET id = 1000000009 WHERE id = 1000000001"));
  CHECK(!takes("UPDATE state_id SET space = 2 WHERE id = 1000000001"));
  CHECK(!takes("INSERT INTO state_id VALUES(1000000001, 1, 2, 3, NULL)"));
  CHECK(!takes("UPDATE person SET id = 9 WHERE id = 3"));
  CHECK(!takes("UPDATE person SET space = 1 WHERE id = 3"));
}

TEST_CASE("R2: an ID is for ever: permanent stays permanent, retired points at its survivor") {
  CHECK(takes("UPDATE state_id SET state = 1 WHERE id = 1000000002"));
  CHECK(!takes("UPDATE state_id SET state = 2 WHERE id = 1000000001"));
  CHECK(takes("UPDATE state_id SET state = 3, survivor = 1000000002 WHERE id = 1000000001"));
  CHECK(!takes("UPDATE state_id SET survivor = 1000000002 WHERE id = 1000000001"));
  CHECK(!takes("UPDATE state_id SET state = 3, survivor = 1000000001 WHERE id = 1000000001"));
  // A survivor of the other space is none.
  CHECK(!takes("UPDATE state_id SET state = 3, survivor = 1000000003 WHERE id = 1000000001"));
  CHECK(!takes("DELETE FROM change"));
}

TEST_CASE("R3: a person has one ID that is not retired, a record key is one record") {
  CHECK(!takes("INSERT INTO state_id VALUES(1000000011, 1, 1, 1, NULL)"));
  CHECK(!takes("INSERT INTO state_id VALUES(1000000011, 1, 1, 2, NULL)"));
  CHECK(!takes("INSERT INTO record VALUES(2, 1, 0, zeroblob(16), 2, 0, 1)"));
  CHECK(takes("INSERT INTO record VALUES(2, 1, 1, zeroblob(16), 2, 0, 1)"));  // another population
  CHECK(!takes("DELETE FROM record"));
  CHECK(!takes("UPDATE record SET key = x'000102030405060708090a0b0c0d0e0f'"));
}

TEST_CASE("R4, R7: IDs are of ten digits, and of the space of their person") {
  CHECK(!takes("INSERT INTO person VALUES(4, 1); INSERT INTO state_id VALUES(42, 1, 4, 1, NULL)"));
  CHECK(!takes(
      "INSERT INTO person VALUES(4, 1); INSERT INTO state_id VALUES(1000000011, 2, 4, 1, NULL)"));
  CHECK(takes(
      "INSERT INTO person VALUES(4, 2); INSERT INTO state_id VALUES(1000000011, 2, 4, 1, NULL)"));
  CHECK(!takes("INSERT INTO person VALUES(4, 3)"));
  CHECK(takes("INSERT INTO linked VALUES(1000000001, 1000000003)"));
  CHECK(!takes("INSERT INTO linked VALUES(1000000003, 1000000001)"));
}

TEST_CASE("R10: an alias is one ID's, and is not turned to another") {
  CHECK(!takes("INSERT INTO alias VALUES('migrant', 'M1', 1000000002)"));
  CHECK(!takes("UPDATE alias SET state_id = 1000000002"));
  CHECK(takes("INSERT INTO alias VALUES('special', 'M1', 1000000002)"));
}
