#include "engine/ledger/signed_head.h"

#include <functional>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace tessera;
using namespace tessera::ledger;

namespace {

SigningKey key_of(std::uint8_t first) {
  std::array<std::uint8_t, 32> seed{};
  seed[0] = first;
  return SigningKey::from_seed(seed);
}
const Bytes kName = {1, 2, 3};

// `commits` transactions of three events each, every one signed; as `receipts` their heads.
Database chain(int commits, std::vector<SignedHead>& receipts) {
  auto db = Database::in_memory();
  REQUIRE(db);
  REQUIRE(db->exec(event_ddl()));
  auto log = EventLog::open(*db);
  REQUIRE(log);
  for (int i = 0; i < commits; ++i) {
    for (int k = 0; k < 3; ++k)
      REQUIRE(log->append("note", fmt::format("{{\"n\":{}}}", 3 * i + k)));
    const auto sealed = seal(*db, *log, key_of(1), kName);
    REQUIRE(sealed);
    receipts.push_back(*sealed);
  }
  return *std::move(db);
}

// The words of the fault, or "".
std::string fault(Database& db, std::vector<SignedHead> anchors, std::uint8_t key = 1) {
  ChainCheck check(key_of(key).public_key(), kName, std::move(anchors), "R.db");
  Silent silent;
  const auto head = verify_signed_chain(db, check, silent);
  return head ? "" : head.error().what;
}

// What somebody with the file and the program's own hash function, but not the key, can do.
void without_guards(Database& db) {
  REQUIRE(db.exec("PRAGMA foreign_keys=OFF"));
  for (const char* t : {"event_no_update", "event_no_delete", "event_in_chain",
                        "signed_head_no_update", "signed_head_no_delete"})
    REQUIRE(db.exec(fmt::format("DROP TRIGGER {}", t)));
}
void rehash(Database& db) {
  REQUIRE(db.exec("CREATE TEMP TABLE t AS SELECT type, body FROM event ORDER BY seq"));
  REQUIRE(db.exec("DELETE FROM event"));
  auto s = db.prepare("SELECT type, body FROM t ORDER BY rowid");
  auto log = EventLog::open(db);
  REQUIRE(log);
  while (*s->step()) REQUIRE(log->append(s->text(0), s->text(1)));
}

}  // namespace

TEST_CASE("a signed chain verifies with the public key and the receipts alone") {
  std::vector<SignedHead> receipts;
  Database db = chain(5, receipts);
  CHECK(fault(db, {}) == "");
  CHECK(fault(db, receipts) == "");
  CHECK(*last_signed_head(db) == receipts.back());
  CHECK(fault(db, {}, 2) != "");  // another key
  for (const SignedHead& r : receipts) CHECK(verifies(key_of(1).public_key(), kName, r));
  CHECK_FALSE(verifies(key_of(1).public_key(), Bytes{1, 2}, receipts[0]));  // another chain
}

TEST_CASE("a change that changed nothing is sealed once") {
  std::vector<SignedHead> receipts;
  Database db = chain(2, receipts);
  auto log = EventLog::open(db);
  REQUIRE(log);
  CHECK(*seal(db, *log, key_of(1), kName) == receipts.back());
  CHECK(fault(db, receipts) == "");
}

TEST_CASE("the guards refuse what a program might do by mistake") {
  std::vector<SignedHead> receipts;
  Database db = chain(2, receipts);
  CHECK_FALSE(db.exec("DELETE FROM signed_head"));
  CHECK_FALSE(db.exec("UPDATE signed_head SET seq = 1"));
  CHECK_FALSE(db.exec("UPDATE event SET body = '{}'"));
  CHECK_FALSE(db.exec("DELETE FROM event WHERE seq = 6"));
}

TEST_CASE("altering, dropping, reordering, inserting and cutting off are each found, every event") {
  struct Tampering {
    const char* name;
    const char* sql;  // with {0}: the event; {1}: the one after it
  };
  constexpr Tampering kTamperings[] = {
      {"altered", "UPDATE event SET body = '{{\"n\":99}}' WHERE seq = {0}"},
      {"retyped", "UPDATE event SET type = 'other' WHERE seq = {0}"},
      {"dropped", "DELETE FROM event WHERE seq = {0}"},
      {"reordered",
       "UPDATE event SET seq = 1000 WHERE seq = {0}; UPDATE event SET seq = {0} WHERE seq = {1};"
       "UPDATE event SET seq = {1} WHERE seq = 1000"},
      {"inserted",
       "UPDATE event SET seq = -seq - 1 WHERE seq >= {0}; UPDATE event SET seq = -seq WHERE seq < "
       "0;"
       "INSERT INTO event VALUES({0}, 'note', '{{}}', zeroblob(32), zeroblob(32))"}};
  for (const Tampering& t : kTamperings) {
    CAPTURE(t.name);
    for (const bool clever : {false, true}) {  // clever: all hashes made to fit again
      for (int at = 1; at <= 11; ++at) {
        std::vector<SignedHead> receipts;
        Database db = chain(4, receipts);
        without_guards(db);
        REQUIRE(db.exec(fmt::format(fmt::runtime(t.sql), at, at + 1)));
        if (clever) rehash(db);
        CAPTURE(at);
        CAPTURE(clever);
        CHECK(fault(db, {}) != "");  // without any receipt
        CHECK(fault(db, receipts) != "");
      }
    }
  }
}

TEST_CASE("a chain cut off is found by a receipt, or by events that nobody signed") {
  for (int keep = 0; keep < 12; ++keep) {
    std::vector<SignedHead> receipts;
    Database db = chain(4, receipts);
    without_guards(db);
    REQUIRE(db.exec(fmt::format("DELETE FROM event WHERE seq > {}", keep)));
    CHECK(fault(db, {}) != "");  // heads of events that have gone
    REQUIRE(db.exec(fmt::format("DELETE FROM signed_head WHERE seq > {}", keep)));
    CAPTURE(keep);
    CHECK((fault(db, {}) == "") == (keep % 3 == 0));  // a whole commit: a valid, shorter chain
    CHECK(fault(db, {receipts.back()}) != "");        // but not for who kept the last receipt
  }
}

TEST_CASE("an altered or dropped signature is found") {
  std::vector<SignedHead> receipts;
  Database db = chain(3, receipts);
  without_guards(db);
  REQUIRE(db.exec("UPDATE signed_head SET signature = zeroblob(64) WHERE seq = 6"));
  CHECK(fault(db, {}) != "");
  REQUIRE(db.exec("DELETE FROM signed_head WHERE seq = 9"));
  CHECK(fault(db, {}) != "");
}
