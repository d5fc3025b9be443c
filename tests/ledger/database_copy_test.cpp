#include "engine/ledger/database_copy.h"

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "engine/ledger/database.h"
#include "tests/ledger/scratch.h"

using namespace tessera;
using ledger::Database;

TEST_CASE("a copy holds what is committed, also what only the log holds, and nothing half done") {
  const test::Scratch scratch;
  Database::Options options;
  options.mode = Database::Mode::create;
  Result<Database> db = Database::open(scratch / "a.db", options);
  REQUIRE(db.has_value());
  REQUIRE(db->exec("CREATE TABLE t(x INTEGER); INSERT INTO t VALUES(1), (2)").has_value());
  auto open = ledger::Transaction::begin(*db, ledger::Transaction::Kind::write);
  REQUIRE(open.has_value());
  REQUIRE(db->exec("INSERT INTO t VALUES(3)").has_value());
  Silent silent;
  REQUIRE(ledger::copy_database(scratch / "a.db", scratch / "b.db", silent).has_value());
  Result<Database> copy = Database::open(scratch / "b.db", {});
  REQUIRE(copy.has_value());
  CHECK(*copy->integer("SELECT sum(x) FROM t") == 3);
}

TEST_CASE("a copy never goes over a file, and a failed one leaves none") {
  const test::Scratch scratch;
  REQUIRE(write_file(scratch / "there", "x", {}).has_value());
  REQUIRE(write_file(scratch / "not.db", "no database at all", {}).has_value());
  Silent silent;
  const auto over = ledger::copy_database(scratch / "not.db", scratch / "there", silent);
  REQUIRE(!over.has_value());
  CHECK(over.error().code == ErrorCode::conflict);
  CHECK(!ledger::copy_database(scratch / "not.db", scratch / "new", silent).has_value());
  CHECK(!ledger::copy_database(scratch / "nowhere", scratch / "new", silent).has_value());
  CHECK(!file_exists(scratch / "new"));
}
