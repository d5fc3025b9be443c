#include "engine/ledger/page_sums.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/core/progress.h"
#include "engine/ledger/database.h"
#include "engine/ledger/database_copy.h"
#include "tests/ledger/scratch.h"

namespace page_sums_test {

using namespace tessera;
using ledger::Database;
using test::Scratch;

namespace {

Database::Options options(Database::Mode mode, std::uint32_t page_size) {
  Database::Options o;
  o.mode = mode;
  o.application_id = 7;
  o.page_size = page_size;
  return o;
}

// Rows in a table and an index, some of them over several pages.
void fill(Database& db) {
  REQUIRE(
      db.exec("CREATE TABLE t(id INTEGER PRIMARY KEY, word TEXT, body BLOB);"
              "CREATE INDEX by_word ON t(word);"
              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900) "
              "INSERT INTO t SELECT i, 'w' || (i * 7919 % 1000), zeroblob(i % 90 = 0) || "
              "hex(zeroblob(i % 90 * (i % 30 = 0) * 300)) FROM n"));
}

std::string made(const Scratch& scratch, std::uint32_t page_size) {
  const std::string path = scratch / "a.db";
  Database db = *Database::open(path, options(Database::Mode::create, page_size));
  fill(db);
  db.keep();
  return path;
}

void write_bytes(const std::string& path, const std::string& bytes) {
  REQUIRE(write_file(path, bytes, {.force = true, .mode = 0600}));
}

// What a reader of everything finds.
Result<std::int64_t> read_all(const std::string& path) {
  TESSERA_TRY(Database db, Database::open(path, options(Database::Mode::read_only, 0)));
  TESSERA_TRY(const std::int64_t a, db.integer("SELECT sum(length(body)) + sum(id) FROM t"));
  TESSERA_TRY(const std::int64_t b,
              db.integer("SELECT count(*) FROM t INDEXED BY by_word WHERE word > 'w'"));
  return a + b;
}

}  // namespace

TEST_CASE("whichever page a wrong bit or the page before is in, it is not read") {
  for (const std::uint32_t size : {512U, 4096U, 65536U}) {
    const Scratch scratch;
    const std::string path = made(scratch, size);
    const std::string whole = *read_file(path);
    REQUIRE(whole.size() % size == 0);
    const auto right = read_all(path);
    REQUIRE(right);
    REQUIRE(Database::open(path, options(Database::Mode::read_only, 0))->check_pages());
    for (std::size_t page = 0; page < whole.size() / size; ++page) {
      CAPTURE(page);
      std::string bytes = whole;
      bytes[page * size + size - 100] = static_cast<char>(bytes[page * size + size - 100] ^ 1);
      write_bytes(path, bytes);
      auto db = Database::open(path, options(Database::Mode::read_only, 0));
      if (db) CHECK(db->check_pages().error().code == ErrorCode::format);
      const auto read = read_all(path);
      CHECK_FALSE(read);
      if (!read) CHECK(read.error().code == ErrorCode::format);
      if (page < 2) continue;
      bytes = whole;  // a page that was written elsewhere
      bytes.replace(page * size, size, whole, (page - 1) * size, size);
      write_bytes(path, bytes);
      CHECK_FALSE(read_all(path));
    }
  }
}

TEST_CASE("what was written through a log, a rewriting and a copy keeps its sums") {
  const Scratch scratch;
  const std::string path = made(scratch, 4096);
  Silent silent;
  {
    Database db = *Database::open(path, options(Database::Mode::read_write, 0));
    REQUIRE(db.exec("DELETE FROM t WHERE id % 3 = 0"));
    // Pages that lie in the log alone.
    REQUIRE(ledger::copy_database(path, scratch / "copy.db", silent));
    REQUIRE(db.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));
    CHECK(db.check_pages());
  }
  for (const std::string& file : {path, scratch / "copy.db"}) {
    Database db = *Database::open(file, options(Database::Mode::read_only, 0));
    CHECK(db.check_pages());
    CHECK(db.check_integrity());
    std::string bytes = *read_file(file);
    CHECK(bytes[20] == 8);
    bytes[bytes.size() - 50] = static_cast<char>(bytes[bytes.size() - 50] ^ 1);
    write_bytes(scratch / "wrong.db", bytes);
    CHECK_FALSE(
        Database::open(scratch / "wrong.db", options(Database::Mode::read_only, 0))->check_pages());
    CHECK(ledger::copy_database(scratch / "wrong.db", scratch / "never.db", silent).error().code ==
          ErrorCode::format);
  }
  CHECK(*read_all(path) == *read_all(scratch / "copy.db"));
}

TEST_CASE("a copy bigger than SQLite's memory for it has its sums, the log's pages too") {
  const Scratch scratch;
  const std::string path = made(scratch, 4096);
  Silent silent;
  Database db = *Database::open(path, options(Database::Mode::read_write, 0));
  REQUIRE(
      db.exec("PRAGMA wal_autocheckpoint=0; CREATE TABLE big(body BLOB);"
              "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
              "INSERT INTO big SELECT zeroblob(3000) FROM n"));
  REQUIRE(ledger::copy_database(path, scratch / "copy.db", silent));
  Database copy = *Database::open(scratch / "copy.db", options(Database::Mode::read_only, 0));
  CHECK(copy.check_pages());
  CHECK(*copy.integer("SELECT count(*) FROM big") == 3000);
}

}  // namespace page_sums_test
