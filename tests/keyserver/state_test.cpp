#include "engine/keyserver/state.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "engine/keyserver/tables.h"
#include "engine/oprf/evaluator.h"
#include "tests/keyserver/offices.h"

using namespace tessera;
using namespace tessera::keyserver;

namespace {

const std::vector<std::string> kKeys{"dob_last", "ssn-value"};

State made(const std::string& path) {
  auto state = State::create(path, "office-1", kNow);
  REQUIRE(state);
  const auto random = system_random();
  REQUIRE(state->add_epoch("2026", kKeys, *random, kNow));
  return *std::move(state);
}

bool file_contains(const std::string& path, ByteView what) {
  std::ifstream in(path, std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(in)), {});
  return all.find(as_text(what)) != std::string::npos;
}

}  // namespace

TEST_CASE("keys are one for each pass and epoch, and stay over a restart") {
  const Folder folder;
  schema::PublicKeys before;
  {
    State state = made(folder / "ks");
    const auto keys = state.public_keys("2026");
    REQUIRE(keys);
    before = *keys;
    const auto random = system_random();
    REQUIRE(state.add_epoch("2031", kKeys, *random, kNow));
    CHECK_FALSE(state.add_epoch("2026", kKeys, *random, kNow));
    CHECK(state.public_keys("2031")->service.keys[0].second != before.service.keys[0].second);
  }
  CHECK(before.service.name == "office-1");
  CHECK(before.service.keys[0].second != before.service.keys[1].second);
  auto again = State::open(folder / "ks");
  REQUIRE(again);
  CHECK(again->public_keys("2026")->service.keys == before.service.keys);
  CHECK_FALSE(again->public_keys("2050"));
}

TEST_CASE("a file that others may read, or that is no key service's, is refused") {
  const Folder folder;
  made(folder / "ks");
  std::filesystem::permissions(folder / "ks", std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  CHECK_FALSE(State::open(folder / "ks"));
  CHECK_FALSE(State::open(folder / "absent"));
  CHECK_FALSE(State::create(folder / "ks", "office-1", kNow));
}

TEST_CASE("a destroyed epoch's seed is in no file, and its name is not used again") {
  const Folder folder;
  State state = made(folder / "ks");
  const auto seed = state.seed("2026", "dob_last");
  REQUIRE(seed);
  CHECK((file_contains(folder / "ks", seed->reveal()) ||
         file_contains(folder / "ks-wal", seed->reveal())));
  const auto head = state.destroy_epoch("2026", kNow);
  REQUIRE(head);
  CHECK_FALSE(file_contains(folder / "ks", seed->reveal()));
  CHECK_FALSE(file_contains(folder / "ks-wal", seed->reveal()));
  const auto gone = state.seed("2026", "dob_last");
  REQUIRE_FALSE(gone);
  CHECK(gone.error().what.find("destroyed") != std::string::npos);
  CHECK_FALSE(state.destroy_epoch("2026", kNow));
  const auto random = system_random();
  CHECK_FALSE(state.add_epoch("2026", kKeys, *random, kNow));
  Silent silent;
  CHECK(state.verify(silent)->seq == head->seq);
}

TEST_CASE("an owner's name belongs to the key it was admitted with") {
  const Folder folder;
  State state = made(folder / "ks");
  REQUIRE(state.admit("north", Signer(1).open, kNow));
  CHECK(state.admit("north", Signer(1).open, kNow));
  CHECK_FALSE(state.admit("north", Signer(2).open, kNow));
  CHECK(state.owner("north"));
  CHECK_FALSE(state.owner("south"));
  REQUIRE(state.revoke("north", true, kNow));
  CHECK_FALSE(state.owner("north"));
  REQUIRE(state.revoke("north", false, kNow));
  CHECK(state.owner("north"));
  CHECK_FALSE(state.revoke("south", true, kNow));
}

TEST_CASE("a log that was tampered with is found, and whatever it does not account for") {
  const Folder folder;
  {
    State state = made(folder / "ks");
    REQUIRE(state.admit("north", Signer(1).open, kNow));
    REQUIRE(state.grant("north", "2026", "dob_last", 100, 50, kNow));
    REQUIRE(state.charge({"north", "2026", "dob_last", 10, {}, kNow}, false));
    Silent silent;
    REQUIRE(state.verify(silent));
  }
  const auto verify_after = [&](const char* sql) {
    std::filesystem::copy_file(folder / "ks", folder / "copy",
                               std::filesystem::copy_options::overwrite_existing);
    auto db = ledger::Database::open(folder / "copy",
                                     {.application_id = kApplication, .version = kVersion});
    REQUIRE(db);
    REQUIRE(db->exec(sql));
    { const auto drop = std::move(*db); }
    auto state = State::open(folder / "copy");
    if (!state) return false;
    Silent silent;
    return state->verify(silent).has_value();
  };
  CHECK(verify_after("SELECT 1"));
  CHECK_FALSE(verify_after("UPDATE quota SET used = 0"));
  CHECK_FALSE(verify_after("UPDATE quota SET most = 1000000"));
  CHECK_FALSE(verify_after("UPDATE quota SET burst = 1000"));
  CHECK_FALSE(verify_after("DELETE FROM quota"));
  CHECK_FALSE(
      verify_after("INSERT INTO quota VALUES('north', '2026', 'ssn-value', 9, 0, 9, 9, 0)"));
  CHECK_FALSE(verify_after("UPDATE owner SET revoked = 1"));
  CHECK_FALSE(verify_after("UPDATE owner SET public = zeroblob(32)"));
  CHECK_FALSE(verify_after("INSERT INTO owner VALUES('thief', zeroblob(32), 0)"));
  CHECK_FALSE(verify_after("INSERT INTO batch VALUES(randomblob(32), 'north')"));
  CHECK_FALSE(verify_after("UPDATE epoch_key SET public = zeroblob(32)"));
  CHECK_FALSE(verify_after("UPDATE epoch SET seed = zeroblob(32)"));
  CHECK_FALSE(verify_after("UPDATE epoch SET seed = NULL"));
  CHECK_FALSE(verify_after("UPDATE meta SET name = 'office-2'"));
  // The guards of the log are taken away for the change and put back: the chain finds it.
  CHECK_FALSE(verify_after(
      "DROP TRIGGER event_no_update; UPDATE event SET body = replace(body, '\"charged\":10', "
      "'\"charged\":1') WHERE seq = 5; UPDATE quota SET used = 1;\n"
      "CREATE TRIGGER event_no_update BEFORE UPDATE ON event\n"
      "BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;"));
  CHECK_FALSE(verify_after("DROP TRIGGER event_no_delete; DELETE FROM event WHERE seq = 5"));
}

TEST_CASE("a file that was cut, or has a wrong bit, is refused or says what it said before") {
  const Folder folder;
  ledger::Head head;
  {
    State state = made(folder / "ks");
    REQUIRE(state.admit("north", Signer(1).open, kNow));
    REQUIRE(state.grant("north", "2026", "dob_last", 100, 50, kNow));
    REQUIRE(state.charge({"north", "2026", "dob_last", 10, {}, kNow}, false));
    head = *state.head();
  }
  const auto text = read_file(folder / "ks");
  REQUIRE(text);
  // Null if the file is refused; else the log's head and the first public key.
  const auto read_as = [&](std::string_view bytes) {
    std::optional<std::pair<ledger::Head, oprf::Element>> out;
    std::filesystem::remove(folder / "copy-wal");
    std::filesystem::remove(folder / "copy-shm");
    REQUIRE(write_file(folder / "copy", bytes, {.force = true, .mode = 0600}));
    auto state = State::open(folder / "copy");
    if (!state) return out;
    Silent silent;
    const auto reached = state->verify(silent);
    const auto keys = state->public_keys("2026");
    if (reached && keys) out.emplace(*reached, keys->service.keys[0].second);
    return out;
  };
  const auto whole = read_as(*text);
  REQUIRE(whole);
  CHECK(whole->first == head);
  std::size_t refused = 0, tried = 0;
  for (std::size_t at = 0; at < text->size(); at += 251, ++tried) {
    CAPTURE(at);
    std::string bent = *text;
    bent[at] = static_cast<char>(bent[at] ^ (1 << at % 8));
    const auto read = read_as(bent);
    refused += read ? 0 : 1;
    CHECK((!read || *read == *whole));  // bytes that hold nothing may say anything
  }
  CHECK(refused > tried / 20);
  for (std::size_t size = 0; size < text->size(); size += 1000) {
    CAPTURE(size);
    const auto read = read_as(std::string_view(*text).substr(0, size));
    CHECK((!read || *read == *whole));  // the last pages may hold nothing yet
    CHECK((!read || size > text->size() * 9 / 10));
  }
}

TEST_CASE("locked seeds are not in the file, open only under their lock, and stay one kind") {
  const Folder folder;
  // A lock that a test can read: the seed turned round, and a mark.
  const auto safe = [](std::uint8_t mark) {
    Safe out;
    out.lock = [mark](const Secret<32>& seed) -> Result<Bytes> {
      Bytes locked(seed.reveal().rbegin(), seed.reveal().rend());
      locked.push_back(mark);
      return locked;
    };
    out.open = [mark](ByteView locked) -> Result<Secret<32>> {
      if (locked.size() != 33 || locked.back() != mark)
        return Error{ErrorCode::crypto, "a wrong passphrase", ""};
      Secret<32> seed;
      std::ranges::reverse_copy(locked.first(32), seed.fill().begin());
      return seed;
    };
    return out;
  };
  const auto random = system_random();
  schema::PublicKeys keys;
  {
    auto state = State::create(folder / "ks", "office-1", kNow, safe(7));
    REQUIRE(state);
    REQUIRE(state->add_epoch("2026", kKeys, *random, kNow));
    keys = *state->public_keys("2026");
    const auto seed = state->seed("2026", "dob_last");
    REQUIRE(seed);
    for (const char* file : {"ks", "ks-wal"})
      CHECK_FALSE(file_contains(folder / file, seed->reveal()));
    CHECK(oprf::Evaluator(seed->reveal(), key_info("2026", "dob_last")).public_key() ==
          keys.service.keys[0].second);
    CHECK(*state->locked());
  }
  auto closed = State::open(folder / "ks");
  REQUIRE(closed);
  CHECK(closed->public_keys("2026")->service.keys == keys.service.keys);
  CHECK(closed->seed("2026", "dob_last").error().code == ErrorCode::crypto);
  CHECK(closed->add_epoch("2031", kKeys, *random, kNow).error().code == ErrorCode::conflict);
  auto wrong = State::open(folder / "ks", safe(8));
  REQUIRE(wrong);
  CHECK(wrong->seed("2026", "dob_last").error().code == ErrorCode::crypto);
  auto right = State::open(folder / "ks", safe(7));
  REQUIRE(right);
  CHECK(right->seed("2026", "dob_last"));
  REQUIRE(right->add_epoch("2031", kKeys, *random, kNow));
  REQUIRE(right->destroy_epoch("2026", kNow));
  CHECK_FALSE(right->seed("2026", "dob_last"));
  State in_clear = made(folder / "clear");
  CHECK_FALSE(*in_clear.locked());
  auto late = State::open(folder / "clear", safe(7));
  REQUIRE(late);
  CHECK(late->add_epoch("2031", kKeys, *random, kNow).error().code == ErrorCode::conflict);
}
