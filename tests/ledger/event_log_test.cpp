#include "engine/ledger/event_log.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace tessera;
using namespace tessera::ledger;

namespace {

Database chain(int events) {
  auto db = Database::in_memory();
  REQUIRE(db);
  REQUIRE(db->exec(event_ddl()));
  auto log = EventLog::open(*db);
  REQUIRE(log);
  for (int i = 1; i <= events; ++i) REQUIRE(log->append("note", fmt::format("{{\"n\":{}}}", i)));
  CHECK(log->head().seq == events);
  return *std::move(db);
}

Result<Head> check(Database& db) {
  Silent silent;
  return verify_chain(db, silent, {});
}

}  // namespace

TEST_CASE("the hash covers label, number, type, what came before, and body, lengths first") {
  // By hand: SHA-256 over "tessera event v1", 1 (u64 LE), and each part after its length (u64 LE).
  Bytes bytes;
  const auto text = [&bytes](std::string_view t) { bytes.insert(bytes.end(), t.begin(), t.end()); };
  text("tessera event v1");
  append_le<std::uint64_t>(bytes, 1);
  append_le<std::uint64_t>(bytes, 4);
  text("note");
  append_le<std::uint64_t>(bytes, 32);
  bytes.insert(bytes.end(), 32, 0);
  append_le<std::uint64_t>(bytes, 2);
  text("{}");
  CHECK(event_hash(1, "note", Sha256{}, "{}") == sha256(bytes));
  CHECK(event_hash(1, "not", Sha256{}, "e{}") != event_hash(1, "note", Sha256{}, "{}"));
}

TEST_CASE("a chain verifies, is read back in order, and ends at its head") {
  Database db = chain(50);
  Silent silent;
  std::int64_t seen = 0;
  const auto head = verify_chain(db, silent, [&](const Event& e) -> Result<void> {
    ++seen;
    CHECK(e.seq == seen);
    CHECK(e.type == "note");
    CHECK(e.body == fmt::format("{{\"n\":{}}}", seen));
    return {};
  });
  REQUIRE(head);
  CHECK(seen == 50);
  CHECK(*head == *read_head(db));
}

TEST_CASE("the guards refuse every statement that would change the past") {
  Database db = chain(3);
  for (const char* sql :
       {"UPDATE event SET body = '{}' WHERE seq = 2", "DELETE FROM event WHERE seq = 3",
        "DELETE FROM event",
        // A new event that does not follow the last: gap, wrong hash, the past again.
        "INSERT INTO event SELECT 9, type, body, hash, hash FROM event WHERE seq = 3",
        "INSERT INTO event SELECT 4, type, body, prev, hash FROM event WHERE seq = 3",
        "INSERT INTO event SELECT 4, type, body, hash, x'00' FROM event WHERE seq = 3",
        "INSERT OR REPLACE INTO event SELECT 3, type, body, prev, hash FROM event WHERE seq = 3",
        "INSERT OR REPLACE INTO event SELECT 1, 'x', body, prev, hash FROM event WHERE seq = 1"}) {
    CAPTURE(sql);
    const auto done = db.exec(sql);
    REQUIRE_FALSE(done);
    CHECK(done.error().code == ErrorCode::conflict);
  }
  CHECK(check(db));
  CHECK(*db.integer("SELECT count(*) FROM event") == 3);
}

TEST_CASE("whatever was changed behind the guards, the chain finds") {
  for (const char* sql :
       {"UPDATE event SET body = '{\"n\":8}' WHERE seq = 2",
        "UPDATE event SET type = 'other' WHERE seq = 3",
        "UPDATE event SET hash = zeroblob(32) WHERE seq = 3",
        "UPDATE event SET prev = zeroblob(32) WHERE seq = 2", "DELETE FROM event WHERE seq = 2",
        "DELETE FROM event WHERE seq = 1", "UPDATE event SET seq = 99 WHERE seq = 3"}) {
    CAPTURE(sql);
    Database db = chain(5);
    REQUIRE(db.exec("DROP TRIGGER event_no_update; DROP TRIGGER event_no_delete"));
    REQUIRE(db.exec(sql));
    const auto head = check(db);
    REQUIRE_FALSE(head);
    CHECK(head.error().code == ErrorCode::format);
  }
}

TEST_CASE("a lost tail is a shorter valid chain: only a head kept elsewhere tells") {
  Database db = chain(5);
  const Head kept = *read_head(db);
  REQUIRE(db.exec("DROP TRIGGER event_no_delete"));
  REQUIRE(db.exec("DELETE FROM event WHERE seq = 5"));
  const auto head = check(db);
  REQUIRE(head);
  CHECK(*head != kept);
  CHECK(head->seq == 4);
}

TEST_CASE("an empty table has the zero head") {
  Database db = chain(0);
  CHECK(*check(db) == Head{});
}
