#include "engine/registry/anomalies.h"

#include <doctest/doctest.h>

#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

TEST_CASE("the lists name who may have two IDs and who is enrolled twice, against the gate") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  Roster a{"a", {}};
  for (std::uint8_t k = 1; k <= 60; ++k) a.rows.push_back({k, std::uint64_t{100} + k});
  REQUIRE(submit(path, {a}, 1));
  REQUIRE(submit(path, {{"b", {{1, 101}, {2, 900}}}}, 2));       // a's first pupil
  REQUIRE(submit(path, {{"b", {{3, 102, 0, true}}}}, 3, true));  // near, provisional
  Registry r = open_registry(path, Access::read);
  const auto found = find_anomalies(r, "");
  REQUIRE(found);
  REQUIRE(found->owners.size() == 2);
  CHECK(found->owners[0].owner == "a");
  CHECK(found->owners[0].records == 60);
  CHECK(found->owners[0].concurrent == 1);
  CHECK(found->owners[0].multiple_ids == 0);
  CHECK(found->owners[0].passes(.02));
  CHECK_FALSE(found->owners[0].passes(.01));
  CHECK(found->owners[1].records == 3);
  CHECK(found->owners[1].concurrent == 1);
  CHECK(found->owners[1].multiple_ids == 1);
  CHECK_FALSE(found->owners[1].passes(.02));
  REQUIRE(found->list.size() == 3);
  CHECK(found->list[0].other == "b");
  CHECK(found->list[1].kind == AnomalyKind::multiple_ids);
  CHECK(found->list[2].kind == AnomalyKind::concurrent_enrolment);
  CHECK(find_anomalies(r, "2026-09-01")->list.size() == 0);  // no batch said its day
}
