#include "engine/backup/backup.h"

#include <filesystem>

#include <doctest/doctest.h>

#include "engine/access/access_log.h"
#include "engine/core/file.h"
#include "engine/desk/request.h"
#include "engine/registry/access_mark.h"
#include "engine/registry/registry_state.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::test;

namespace {

constexpr const char* kMade = "2026-11-21T01:02:03Z";

void fill(const std::string& path) {
  create_registry(path);
  REQUIRE(submit(path, {{"north", {{1, 10}, {2, 20}, {3, 30}}}}, 1).has_value());
}

void flip(const std::string& path, std::size_t at) {
  Result<std::string> bytes = read_file(path);
  REQUIRE(bytes.has_value());
  (*bytes)[at % bytes->size()] ^= 0x10;
  REQUIRE(write_file(path, *bytes, {true, 0600}).has_value());
}

}  // namespace

TEST_CASE("what is backed up comes back: the same head, the same IDs, and it goes on from there") {
  const Scratch scratch;
  const std::string live = scratch / "state.db";
  fill(live);
  Silent silent;
  const auto made = backup::make(live, scratch / "b1", kMade, silent);
  REQUIRE(made.has_value());
  CHECK(made->batch == 1);
  CHECK(backup::check(scratch / "b1", silent).has_value());
  // Life goes on, and is not in the backup.
  REQUIRE(submit(live, {{"north", {{4, 40}}}}, 2).has_value());
  const auto back = backup::restore(scratch / "b1", scratch / "again.db", silent);
  REQUIRE(back.has_value());
  CHECK(back->head == made->head);
  CHECK(verified(scratch / "again.db").empty());
  // Nothing is changed without the signing key, which a backup does not hold.
  CHECK(!submit(scratch / "again.db", {{"north", {{1, 10}}}}, 3).has_value());
  std::filesystem::copy_file(live + ".key", scratch / "again.db.key");
  const auto same = submit(scratch / "again.db", {{"north", {{1, 10}, {2, 20}, {3, 30}}}}, 3);
  REQUIRE(same.has_value());
  CHECK(same->ids_issued == 0);
  CHECK(*backup::belongs_to(*made, live));
}

TEST_CASE("damaged files are not backed up: the copy is checked, and no folder is left") {
  const Scratch scratch;
  const std::string live = scratch / "state.db";
  fill(live);
  Silent silent;
  {  // A row that no event made: SQLite finds nothing wrong with it.
    auto db = ledger::Database::open(
        live, {.application_id = registry::kRegistryKind, .version = registry::kFormat});
    REQUIRE(db);
    REQUIRE(db->exec("UPDATE record SET person = 1 WHERE id = 2"));
  }
  const auto made = backup::make(live, scratch / "b", kMade, silent);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::format);
  CHECK(made.error().what.find("no backup was made") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(scratch / "b"));
  REQUIRE(backup::make(live, scratch / "b", kMade, silent, false));
  CHECK_FALSE(backup::check(scratch / "b", silent));
}

TEST_CASE("a chain is read without its entry store: that may be what was lost") {
  const Scratch scratch;
  const std::string live = scratch / "state.db";
  fill(live);
  Silent silent;
  const auto made = backup::make(live, scratch / "b", kMade, silent);
  REQUIRE(made);
  std::filesystem::remove(live + ".entries");
  CHECK(*backup::belongs_to(*made, live));
}

TEST_CASE("any changed byte of either file is found, and a missing description is no backup") {
  const Scratch scratch;
  fill(scratch / "state.db");
  Silent silent;
  for (const char* name : {"registry.db", "registry.db.entries"})
    for (const std::size_t at : {30U, 5000U, 100000U}) {
      const std::string folder = scratch / "b";
      std::filesystem::remove_all(folder);
      REQUIRE(backup::make(scratch / "state.db", folder, kMade, silent).has_value());
      flip(folder + "/" + name, at);
      CHECK(!backup::check(folder, silent).has_value());
      CHECK(!backup::restore(folder, scratch / "again.db", silent).has_value());
      CHECK(!file_exists(scratch / "again.db"));
    }
  std::filesystem::remove(scratch / "b/backup.json");
  CHECK(!backup::check(scratch / "b", silent).has_value());
}

TEST_CASE("nothing is written over: not a backup, not a registry") {
  const Scratch scratch;
  fill(scratch / "state.db");
  Silent silent;
  REQUIRE(backup::make(scratch / "state.db", scratch / "b", kMade, silent).has_value());
  const auto twice = backup::make(scratch / "state.db", scratch / "b", kMade, silent);
  REQUIRE(!twice.has_value());
  CHECK(twice.error().code == ErrorCode::conflict);
  CHECK(!backup::restore(scratch / "b", scratch / "state.db", silent).has_value());
  CHECK(verified(scratch / "state.db").empty());
}

TEST_CASE("a live registry that was rolled back behind its backup is noticed") {
  const Scratch scratch;
  const std::string live = scratch / "state.db";
  fill(live);
  Silent silent;
  REQUIRE(backup::make(live, scratch / "old", kMade, silent).has_value());
  REQUIRE(submit(live, {{"north", {{4, 40}}}}, 2).has_value());
  const auto newer = backup::make(live, scratch / "new", kMade, silent);
  REQUIRE(newer.has_value());
  REQUIRE(backup::restore(scratch / "old", scratch / "rolled.db", silent).has_value());
  CHECK(!*backup::belongs_to(*newer, scratch / "rolled.db"));
  create_registry(scratch / "other.db", 9);
  CHECK(!*backup::belongs_to(*newer, scratch / "other.db"));
}

TEST_CASE("R70: a registry with accounts comes back with them, and not without its access log") {
  const Scratch scratch;
  const std::string live = scratch / "state.db";
  fill(live);
  Silent silent;
  const auto random = seeded_random(5);
  {
    auto r = registry::Registry::open(live, registry::Access::write);
    REQUIRE(r);
    auto log = access::AccessLog::create(live + ".access", r->name(),
                                         *SigningKey::read(live + ".key"), *random, 1'800'000'000);
    REQUIRE(log);
    REQUIRE(log->add_account({"j.doe", "Jane Doe"}, "four plain words here", {}, "j.doe",
                             access::Work::least, 1'800'000'000));
    REQUIRE(r->keep_access(log->name()));
  }
  REQUIRE(backup::make(live, scratch / "b1", kMade, silent).has_value());
  REQUIRE(backup::check(scratch / "b1", silent).has_value());
  REQUIRE(backup::restore(scratch / "b1", scratch / "again.db", silent).has_value());
  CHECK(*registry::access_log_of(scratch / "again.db") == *registry::access_log_of(live));
  auto back = access::AccessLog::open(scratch / "again.db.access",
                                      **registry::access_log_of(scratch / "again.db"),
                                      *SigningKey::read(live + ".key"), *random);
  REQUIRE(back);
  CHECK(back->account("j.doe")->has_value());
  // A backup of older days, without it, or with a changed one, opens no door.
  flip(scratch / "b1/registry.db.access", 5000);
  CHECK(!backup::check(scratch / "b1", silent).has_value());
  std::filesystem::remove(scratch / "b1/registry.db.access");
  CHECK(!backup::restore(scratch / "b1", scratch / "third.db", silent).has_value());
  CHECK(!file_exists(scratch / "third.db"));
  auto text = *read_file(scratch / "b1/backup.json");
  const std::size_t at = text.find("\"access\"");
  REQUIRE(at != std::string::npos);
  text.replace(at, 8, "\"unread\"");
  REQUIRE(write_file(scratch / "b1/backup.json", text, {true, 0600}).has_value());
  const auto bare = backup::check(scratch / "b1", silent);
  REQUIRE(!bare);
  CHECK(bare.error().what.find("access log") != std::string::npos);
}

TEST_CASE("R70: what was asked of owners comes back, and a changed byte of it is found") {
  const Scratch scratch;
  const std::string live = scratch / "state.db";
  fill(live);
  Silent silent;
  registry::RegistryName name{};
  {
    registry::Registry r = open_registry(live, registry::Access::read);
    name = r.name();
  }
  // Before anything is asked there is no desk to back up.
  CHECK_FALSE(backup::make(live, scratch / "before", kMade, silent)->desk.has_value());
  {
    auto kept = desk::Desk::open_or_make(desk::desk_path(live), name);
    REQUIRE(kept.has_value());
    REQUIRE(desk::direct_resubmission(*kept, "north", "student", "fall-2026", "case 17",
                                      "2026-12-01", {"e.dunn", "2026-11-01"}));
  }
  const auto made = backup::make(live, scratch / "b", kMade, silent);
  REQUIRE(made.has_value());
  CHECK(made->desk.has_value());
  CHECK(backup::check(scratch / "b", silent).has_value());
  const std::string again = scratch / "again.db";
  REQUIRE(backup::restore(scratch / "b", again, silent).has_value());
  {
    auto back = desk::Desk::open(desk::desk_path(again), name);
    REQUIRE(back.has_value());
    const auto requests = desk::requests(*back, "north");
    REQUIRE(requests.has_value());
    REQUIRE(requests->size() == 1);
    CHECK(requests->front().about == "fall-2026");
    CHECK(requests->front().opened_by == "e.dunn");
    CHECK(back->verify(silent).has_value());
  }
  // Nothing of it is left by a restore that is taken back, and none is written over.
  backup::remove_restored(again);
  CHECK_FALSE(file_exists(desk::desk_path(again)));
  REQUIRE(write_file(desk::desk_path(again), "kept", {}).has_value());
  const auto refused = backup::restore(scratch / "b", again, silent);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == ErrorCode::conflict);
  // A damaged or missing desk is not the backup that was made.
  flip(scratch / "b/registry.db.desk", 5000);
  CHECK_FALSE(backup::check(scratch / "b", silent).has_value());
  std::filesystem::remove(scratch / "b/registry.db.desk");
  CHECK_FALSE(backup::check(scratch / "b", silent).has_value());
}
