#include "engine/ledger/database.h"

#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "tests/ledger/scratch.h"

using namespace tessera;
using namespace tessera::ledger;

namespace {

constexpr std::uint32_t kKind = 0x74657374;

Database::Options mode(Database::Mode m, std::uint32_t wait_ms = 0) {
  return {.mode = m, .application_id = kKind, .version = 3, .wait_ms = wait_ms};
}

Database make(const std::string& path) {
  auto db = Database::open(path, mode(Database::Mode::create));
  REQUIRE(db);
  REQUIRE(db->exec("CREATE TABLE t(a INTEGER PRIMARY KEY, b BLOB NOT NULL, c TEXT) STRICT;"));
  db->keep();
  return *std::move(db);
}

}  // namespace

TEST_CASE("values go in and come out, null and empty apart") {
  const test::Scratch scratch;
  Database db = make(scratch / "a.db");
  const Bytes bytes = {0, 1, 255};
  auto insert = db.prepare("INSERT INTO t(a, b, c) VALUES(?1, ?2, ?3)");
  REQUIRE(insert);
  REQUIRE(insert->bind(1, std::int64_t{-5})
              .bind(2, ByteView(bytes))
              .bind(3, std::string_view("x'y"))
              .run());
  REQUIRE(insert->bind(1, std::int64_t{7}).bind(2, ByteView()).bind_or_null(3, 0).run());
  auto select = db.prepare("SELECT a, b, c FROM t ORDER BY a");
  REQUIRE(select);
  REQUIRE(*select->step());
  CHECK(select->columns() == 3);
  CHECK(select->integer(0) == -5);
  CHECK(Bytes(select->blob(1).begin(), select->blob(1).end()) == bytes);
  CHECK(select->text(2) == "x'y");
  REQUIRE(*select->step());
  CHECK_FALSE(select->is_null(1));
  CHECK(select->blob(1).empty());
  CHECK(select->is_null(2));
  CHECK_FALSE(*select->step());
  CHECK(*db.integer("SELECT count(*) FROM t") == 2);
  CHECK_FALSE(db.integer("SELECT a FROM t WHERE a = 99"));
}

TEST_CASE("reading alone changes nothing and leaves nothing beside the file") {
  const test::Scratch scratch;
  const std::string path = scratch / "a.db";
  const auto names = [&] {
    std::size_t n = 0;
    for ([[maybe_unused]] const auto& file :
         std::filesystem::directory_iterator(std::filesystem::path(path).parent_path()))
      ++n;
    return n;
  };
  { make(path); }
  REQUIRE(names() == 1);
  const auto bytes = *read_file(path);
  {
    auto db = Database::open(path, mode(Database::Mode::read_only));
    REQUIRE(db);
    CHECK(*db->integer("SELECT count(*) FROM t") == 0);
    CHECK_FALSE(db->exec("INSERT INTO t(a, b) VALUES(1, x'')"));
    CHECK_FALSE(db->exec("DROP TABLE t"));
  }
  CHECK(names() == 1);
  CHECK(*read_file(path) == bytes);
  // A file that may not be written to is read all the same.
  std::filesystem::permissions(path, std::filesystem::perms::owner_read);
  auto db = Database::open(path, mode(Database::Mode::read_only));
  REQUIRE(db);
  CHECK(*db->integer("SELECT count(*) FROM t") == 0);
}

TEST_CASE("the settings that durability and constraints rest on are on") {
  const test::Scratch scratch;
  { make(scratch / "a.db"); }
  auto db = Database::open(scratch / "a.db", mode(Database::Mode::read_write));
  REQUIRE(db);
  auto journal = db->prepare("PRAGMA journal_mode");
  REQUIRE(*journal->step());
  CHECK(journal->text(0) == "wal");
  CHECK(*db->integer("PRAGMA synchronous") == 2);
  CHECK(*db->integer("PRAGMA foreign_keys") == 1);
  CHECK(*db->integer("PRAGMA application_id") == kKind);
  CHECK(*db->integer("PRAGMA user_version") == 3);
  namespace fs = std::filesystem;
  CHECK((fs::status(scratch / "a.db").permissions() & fs::perms(0077)) == fs::perms::none);
}

TEST_CASE("opening tells what is wrong apart") {
  const test::Scratch scratch;
  { make(scratch / "a.db"); }
  const auto code = [&](const std::string& path, Database::Options o) {
    const auto db = Database::open(path, o);
    REQUIRE_FALSE(db);
    CHECK(db.error().where == path);
    return db.error().code;
  };
  CHECK(code(scratch / "a.db", mode(Database::Mode::create)) == ErrorCode::conflict);
  CHECK(code(scratch / "none.db", mode(Database::Mode::read_write)) == ErrorCode::io);
  CHECK_FALSE(std::filesystem::exists(scratch / "none.db"));
  auto other = mode(Database::Mode::read_write);
  other.application_id = 1;
  CHECK(code(scratch / "a.db", other) == ErrorCode::format);
  other = mode(Database::Mode::read_write);
  other.version = 4;
  CHECK(code(scratch / "a.db", other) == ErrorCode::format);
  std::ofstream(scratch / "text.db") << std::string(8192, 'x');
  CHECK(code(scratch / "text.db", mode(Database::Mode::read_write)) == ErrorCode::format);
}

TEST_CASE("a database that is not kept is gone with its log, and one that was there stays") {
  const test::Scratch scratch;
  const auto left = [&] {
    return std::distance(std::filesystem::directory_iterator(scratch / ""), {});
  };
  {
    auto db = Database::open(scratch / "a.db", mode(Database::Mode::create));
    REQUIRE(db);
    Database moved = *std::move(db);
    REQUIRE(moved.exec("CREATE TABLE t(a INTEGER)"));
    CHECK(left() > 0);
  }
  CHECK(left() == 0);
  { const Database kept = make(scratch / "a.db"); }
  CHECK_FALSE(Database::open(scratch / "a.db", mode(Database::Mode::create)));
  CHECK(Database::open(scratch / "a.db", mode(Database::Mode::read_write)));
}

TEST_CASE("a transaction is all or nothing, and there is one writer") {
  const test::Scratch scratch;
  Database a = make(scratch / "a.db");
  auto b = Database::open(scratch / "a.db", mode(Database::Mode::read_write));
  REQUIRE(b);
  {
    auto t = Transaction::begin(a, Transaction::Kind::write);
    REQUIRE(t);
    REQUIRE(a.exec("INSERT INTO t(a, b) VALUES(1, x'00')"));
    const auto second = Transaction::begin(*b, Transaction::Kind::write);
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::conflict);
    CHECK(*b->integer("SELECT count(*) FROM t") == 0);
  }
  CHECK(*a.integer("SELECT count(*) FROM t") == 0);
  auto t = Transaction::begin(*b, Transaction::Kind::write);
  REQUIRE(t);
  REQUIRE(b->exec("INSERT INTO t(a, b) VALUES(1, x'00')"));
  REQUIRE(t->commit());
  CHECK(*a.integer("SELECT count(*) FROM t") == 1);
  const auto twice = a.exec("INSERT INTO t(a, b) VALUES(1, x'00')");
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == ErrorCode::conflict);
}

TEST_CASE("a changed schema text is noticed") {
  const std::string_view ddl =
      "CREATE TABLE t(a INTEGER PRIMARY KEY) STRICT;"
      "CREATE TRIGGER guard BEFORE DELETE ON t BEGIN SELECT RAISE(ABORT, 'kept'); END;";
  auto db = Database::in_memory();
  REQUIRE(db->exec(ddl));
  CHECK(db->require_schema(ddl));
  REQUIRE(db->exec("DROP TRIGGER guard"));
  const auto changed = db->require_schema(ddl);
  REQUIRE_FALSE(changed);
  CHECK(changed.error().code == ErrorCode::format);
  REQUIRE(db->exec(
      "CREATE TRIGGER guard BEFORE DELETE ON t WHEN 0 BEGIN SELECT RAISE(ABORT, 'kept'); END;"));
  CHECK_FALSE(db->require_schema(ddl));
}
