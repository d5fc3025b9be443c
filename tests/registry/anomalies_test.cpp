#include "engine/registry/anomalies.h"

#include <doctest/doctest.h>

#include "engine/core/bytes.h"
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
  const auto found = find_anomalies(r, {});
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
  CHECK(found->list[0].kind == AnomalyKind::multiple_ids);
  CHECK(found->list[1].other == "b");
  CHECK(found->list[2].kind == AnomalyKind::concurrent_enrolment);
  CHECK(find_anomalies(r, {.since = "2026-09-01"})->list.empty());  // no batch said its day
  // Of one owner, by name or because nobody else's are seen; of one that is not there.
  const Sees b = [](const std::string& owner, auto, const auto&) { return owner == "b"; };
  for (const auto& own : {find_anomalies(r, {.owner = "b"}), find_anomalies(r, {}, b)}) {
    REQUIRE(own);
    REQUIRE(own->owners.size() == 1);
    CHECK(own->owners[0].records == 3);
    CHECK(own->owners[0].concurrent == 1);
    CHECK(own->list.size() == 2);
  }
  CHECK(find_anomalies(r, {.owner = "nobody"}).error().code == ErrorCode::usage);
}

TEST_CASE("the lists come in pages, and the counts are of everything") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  Roster a{"a", {}};
  Roster b{"b", {}};
  for (std::uint8_t k = 1; k <= 9; ++k) {
    a.rows.push_back({k, std::uint64_t{100} + k});
    b.rows.push_back({k, std::uint64_t{100} + k, 0, k > 6});
  }
  REQUIRE(submit(path, {a}, 1));
  REQUIRE(submit(path, {b}, 2, true));  // six are a's, three may be and have provisional IDs
  Registry r = open_registry(path, Access::read);
  const auto all = find_anomalies(r, {});
  REQUIRE(all);
  REQUIRE(all->list.size() == 15);
  for (std::size_t most = 1; most <= 16; ++most) {
    AnomalyFilter page{.most = most};
    std::vector<std::string> told;
    std::uint64_t more = 1;
    for (; more > 0; page.skip += most) {
      const auto part = find_anomalies(r, page);
      REQUIRE(part);
      for (const Anomaly& x : part->list) told.push_back(x.owner + to_hex(x.key) + x.other);
      more = part->more;
      CHECK(told.size() + more == all->list.size());
      CHECK(part->owners[0].concurrent == 6);
      CHECK(part->owners[1].multiple_ids == 3);
    }
    std::vector<std::string> expected;
    for (const Anomaly& x : all->list) expected.push_back(x.owner + to_hex(x.key) + x.other);
    CHECK(told == expected);
  }
}
