#include "engine/registry/lost_ids.h"

#include <filesystem>
#include <map>
#include <set>

#include <doctest/doctest.h>

#include "engine/registry/id_changes.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

namespace lost_ids_test {

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;
namespace fs = std::filesystem;

namespace {

Roster north(std::uint8_t first, std::uint8_t last) {
  Roster out{"north", {}};
  for (std::uint8_t k = first; k <= last; ++k) out.rows.push_back({k, std::uint64_t{100} + k});
  return out;
}

void copy(const std::string& from, const std::string& to) {
  for (const char* part : {"", ".entries", ".key"}) fs::copy_file(from + part, to + part);
}

}  // namespace

TEST_CASE("who had an ID before a restore gets it again, and nobody else does") {
  const Scratch scratch;
  const std::string live = scratch / "R.db";
  const std::string again = scratch / "again.db";
  create_registry(live);
  REQUIRE(submit(live, {north(1, 5)}, 1));
  copy(live, again);  // the backup
  const auto lost =
      submit(live, {north(6, 30), {"staffed", {{1, 901}}, encoded::Population::staff}}, 2);
  REQUIRE(lost);
  StateId merged = 0;
  {
    Registry r = open_registry(live, Access::write);
    merged = merge_ids(r, lost->issued[0].id, lost->issued[1].id, {"ana", "case-1"})->id;
  }
  fs::remove(live + ".entries");  // the disk that failed
  {
    Registry r = open_registry(again, Access::write);
    REQUIRE(r.recall_lost(live));
    // Also somebody whom the lost registry never met, and in another order.
    std::vector<Roster> sent = {{"staffed", {{1, 901}}, encoded::Population::staff}, north(6, 31)};
    const auto back = submit(r, sent, 3);
    REQUIRE(back);
    CHECK(back->ids_issued == 27);
    CHECK(back->ids_again == 25);  // not of 31, and not twice of the two that were merged
    CHECK(back->issued[0].id == lost->issued[25].id);
    CHECK(back->issued[1].id == merged);
    for (std::size_t i = 2; i < 25; ++i) CHECK(back->issued[i + 1].id == lost->issued[i].id);
    std::set<StateId> all;
    for (const Issued& i : back->issued) CHECK(all.insert(i.id).second);
    CHECK_FALSE(all.contains(lost->issued[0].id));  // retired there: nobody's here
  }
  CHECK(verified(again) == "");
}

TEST_CASE("another registry's IDs are not lost ones") {
  const Scratch scratch;
  create_registry(scratch / "a.db", 1);
  create_registry(scratch / "b.db", 2);
  Registry a = open_registry(scratch / "a.db", Access::write);
  CHECK(LostIds::open(scratch / "b.db", a).error().code == ErrorCode::conflict);
  CHECK_FALSE(LostIds::open(scratch / "none.db", a));
}

}  // namespace lost_ids_test
