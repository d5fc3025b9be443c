#include "engine/backup/drill.h"

#include <filesystem>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::test;

TEST_CASE(
    "R70: each drill is written down with its day, the failed ones too, and leaves nothing else") {
  const Scratch scratch;
  const std::string live = scratch / "state.db";
  create_registry(live);
  REQUIRE(submit(live, {{"north", {{1, 10}}}}, 1).has_value());
  Silent silent;
  CHECK(backup::drills(live)->empty());
  REQUIRE(backup::make(live, scratch / "b", "2026-11-20T00:00:00Z", silent).has_value());
  const auto good = backup::drill(scratch / "b", live, "2026-11-21", "e.dunn", silent);
  REQUIRE(good.has_value());
  CHECK(good->result == "restored");
  REQUIRE(write_file(scratch / "b/registry.db", "gone", {true, 0600}).has_value());
  const auto bad = backup::drill(scratch / "b", live, "2026-11-22", "e.dunn", silent);
  REQUIRE(bad.has_value());
  CHECK(bad->result != "restored");
  const auto all = backup::drills(live);
  REQUIRE(all->size() == 2);
  CHECK((*all)[0].day == "2026-11-21");
  CHECK((*all)[0].backup == "2026-11-20T00:00:00Z");
  CHECK((*all)[1].result == bad->result);
  for (const auto& file : std::filesystem::directory_iterator(scratch / ""))
    CHECK(file.path().filename().string().find(".drill-") == std::string::npos);
}
