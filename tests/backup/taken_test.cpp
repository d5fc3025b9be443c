// An old backup brings nobody back who was destroyed, and no epoch that has ended.
#include "engine/backup/taken.h"

#include "engine/backup/drill.h"
#include "engine/registry/id_changes.h"
#include "engine/registry/removals.h"
#include "engine/registry/retention.h"
#include "tests/intake/ages.h"

using namespace tessera;
using namespace tessera::test;

namespace {

// People with local IDs and surnames of their own.
std::vector<Person> others(int n) {
  std::vector<Person> out = crowd(n, 7'321);
  for (Person& p : out) p.id = "s" + p.id;
  return out;
}

std::string bytes_of(const std::string& path) {
  return *read_file(path) + *read_file(path + ".entries");
}

backup::Manifest back_up(const Ages& ages, const std::string& name) {
  Silent silent;
  const auto made = backup::make(ages.path(), ages.in_folder(name), "2027-01-01", silent);
  if (!made) FAIL(made.error().what);
  return *made;
}

std::string bring_back(const Ages& ages, const std::string& name) {
  Silent silent;
  const std::string path = ages.in_folder("again.db");
  REQUIRE(backup::restore(ages.in_folder(name), path, silent));
  std::filesystem::copy_file(ages.path() + ".key", path + ".key");
  return path;
}

Result<backup::TakenAgain> take_again(const std::string& path, const backup::Taken& taken) {
  Silent silent;
  const auto random = seeded_random(5);
  return backup::take_again(path, taken, "2027-02-01", *random, silent);
}

std::string fault_of(const std::string& path) {
  Silent silent;
  auto r = registry::Registry::open(path, registry::Access::read);
  REQUIRE(r);
  const auto head = r->verify(silent);
  return head ? "" : head.error().what;
}

}  // namespace

TEST_CASE("R65: who was destroyed since a backup is destroyed in what it brings back") {
  Ages ages;
  const std::string kept = ages.encode(1, {"north", crowd(20, 31)});
  const std::string gone = ages.encode(1, {"south", others(6)});
  ages.must({kept});
  const Fates fates = ages.must({gone});
  const backup::Manifest made = back_up(ages, "old");
  // Since then two of the six were merged into others: their records have another ID here.
  Silent silent;
  std::vector<registry::StateId> ids;
  for (const auto& [who, fate] : fates) ids.push_back(fate.id);
  std::ranges::sort(ids);
  {
    registry::Registry r = ages.open(registry::Access::write);
    REQUIRE(registry::merge_ids(r, ids[0], ids[1], kOfficer));
  }
  ids.erase(ids.begin());
  for (const registry::StateId id : ids) {
    registry::Registry r = ages.open(registry::Access::write);
    REQUIRE(registry::archive_id(r, id, kOfficer));
  }
  {
    registry::Registry r = ages.open(registry::Access::write);
    const auto done = registry::destroy_archived(r, ids, kOfficer, silent);
    REQUIRE(done);
    CHECK(done->records == 6);
    CHECK(done->who == "e.dunn");
    CHECK(ledger::verifies(r.public_key(), r.name(), done->head));
  }
  CHECK(ages.verified() == "");
  const auto shared = entries_of(kept);
  const auto needles = entries_of(gone);
  REQUIRE(found_in(ages.bytes(), shared) == shared.size());
  CHECK(found_in(ages.bytes(), needles) == 0);

  const auto taken = backup::taken_since(made, ages.path());
  REQUIRE(taken);
  CHECK_FALSE(taken->ssns);
  CHECK(taken->epochs.empty());
  REQUIRE(taken->people.size() == 1);
  CHECK(taken->people[0].ids == ids);
  CHECK(backup::drill(ages.in_folder("old"), ages.path(), "2027-02-02", "e.dunn", silent)
            ->result.find("destroy this backup") != std::string::npos);
  const std::string path = bring_back(ages, "old");
  CHECK(found_in(bytes_of(path), needles) == needles.size());
  CHECK(*backup::holds(path, *taken));
  const auto again = take_again(path, *taken);
  REQUIRE(again);
  CHECK(again->people == 5);
  CHECK(again->entries > 6);
  CHECK(found_in(bytes_of(path), needles) == 0);
  CHECK(found_in(bytes_of(path), shared) == shared.size());
  CHECK_FALSE(*backup::holds(path, *taken));
  CHECK(fault_of(path) == "");
  // Its own chain tells it, so that a still younger copy would know.
  CHECK(backup::taken_since(made, path)->people.size() == 1);
  CHECK(take_again(path, *taken)->entries == 0);
  CHECK(fault_of(path) == "");
}

TEST_CASE("an epoch that has ended since a backup ends in what it brings back") {
  Ages ages;
  const std::string old = ages.encode(1, {"north", crowd(20, 33)});
  ages.must({old});
  const backup::Manifest first = back_up(ages, "first");
  ages.begin_epoch(2);
  const std::string next = ages.encode(2, {"north", crowd(20, 33)});
  ages.must({next});
  const backup::Manifest made = back_up(ages, "old");
  CHECK(*backup::may_hold(ages.path()));
  REQUIRE(ages.end_epoch(1));
  CHECK_FALSE(*backup::may_hold(ages.path()));
  const auto taken = backup::taken_since(made, ages.path());
  REQUIRE(taken);
  REQUIRE(taken->epochs.size() == 1);
  const auto needles = entries_of(old);
  const auto kept = entries_of(next);
  const std::string path = bring_back(ages, "old");
  CHECK(found_in(bytes_of(path), needles) == needles.size());
  const auto again = take_again(path, *taken);
  REQUIRE(again);
  CHECK(again->epochs == 1);
  CHECK(found_in(bytes_of(path), needles) == 0);
  CHECK(found_in(bytes_of(path), kept) == kept.size());
  CHECK(fault_of(path) == "");
  backup::remove_restored(path);
  std::filesystem::remove(path + ".key");
  // A backup from before the next epoch was opened has nothing but what has ended.
  const std::string older = bring_back(ages, "first");
  const auto refused = take_again(older, *backup::taken_since(first, ages.path()));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
}

TEST_CASE("a chain that does not go on from the backup tells nothing of it") {
  Ages ages, other;
  ages.must({ages.encode(1, {"north", crowd(5, 34)})});
  other.must({other.encode(1, {"north", crowd(6, 34)})});
  const backup::Manifest made = back_up(ages, "old");
  const auto refused = backup::taken_since(made, other.path());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::conflict);
}
