// An old backup brings no SSN back.
#include "engine/backup/purged.h"

#include "engine/backup/drill.h"
#include "engine/backup/taken.h"
#include "engine/registry/history.h"
#include "tests/intake/ssn_world.h"

using namespace tessera;
using test::found_in;

TEST_CASE("a backup from before a purge comes back without a byte of an SSN, and with every ID") {
  test::SsnWorld w;
  Silent silent;
  auto set = w.submit(test::people(60, 3, true), "north");
  const auto ids = test::ids_of(w.assign(set));
  const auto needles = test::ssn_bytes(set);
  const auto made = backup::make(w.path(), w.folder / "old", "2027-01-01T00:00:00Z", silent);
  REQUIRE(made);
  CHECK_FALSE(backup::taken_since(*made, w.path())->ssns);
  CHECK(backup::drill(w.folder / "old", w.path(), "2027-01-02", "e.dunn", silent)->result ==
        "restored");
  REQUIRE(backup::purge_restored(w.path(), "2027-02-01", *w.random, silent));
  CHECK(backup::taken_since(*made, w.path())->ssns);
  CHECK_FALSE(*backup::holds_ssn(w.path()));
  // The drill says so, and restores nothing.
  CHECK(backup::drill(w.folder / "old", w.path(), "2027-02-02", "e.dunn", silent)
            ->result.find("destroy") != std::string::npos);
  // A new backup has nothing to say.
  const auto fresh = backup::make(w.path(), w.folder / "new", "2027-02-02T00:00:00Z", silent);
  REQUIRE(fresh);
  CHECK_FALSE(backup::taken_since(*fresh, w.path())->ssns);
  CHECK(found_in(test::bytes_in(w.folder / "new", "registry"), needles) == 0);
  // What a disaster would do.
  const std::string back = w.folder / "again.db";
  REQUIRE(backup::restore(w.folder / "old", back, silent));
  CHECK(found_in(test::bytes_in(w.folder / "", "again.db"), needles) > needles.size() / 2);
  CHECK(*backup::holds_ssn(back));
  CHECK_FALSE(backup::purge_restored(back, "2027-02-01", *w.random, silent));  // no key there
  std::filesystem::copy_file(w.path() + ".key", back + ".key");
  const auto purged = backup::purge_restored(back, "2027-02-01", *w.random, silent);
  REQUIRE(purged);
  CHECK(purged->records == 60);
  CHECK(found_in(test::bytes_in(w.folder / "", "again.db"), needles) == 0);
  CHECK_FALSE(*backup::holds_ssn(back));
  auto r = registry::Registry::open(back, registry::Access::read);
  REQUIRE(r);
  CHECK(r->verify(silent));
  for (const registry::StateId id : ids) CHECK(registry::find_id(*r, id)->has_value());
}
