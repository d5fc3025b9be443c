// The stop switch and the purge, on encoded files that carry SSNs.
#include "engine/intake/collection.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/registry/entry_store.h"
#include "engine/registry/history.h"
#include "engine/schema/ssn_pass.h"
#include "tests/intake/ssn_world.h"

using namespace tessera;
using reference::Person;
using registry::Collect;
using registry::CollectionRule;
using test::found_in;
using test::ids_of;
using test::people;
using test::ssn_bytes;
using World = test::SsnWorld;

TEST_CASE(
    "the rule that began last and names the owner or all holds; of one day, the one made last") {
  const std::vector<CollectionRule> rules = {{1, {"ssn", "", "2027-03-01", Collect::strip}},
                                             {2, {"ssn", "north", "2027-05-01", Collect::allow}},
                                             {3, {"ssn", "", "2027-07-01", Collect::refuse}},
                                             {4, {"ssn", "", "2027-07-01", Collect::strip}}};
  const auto on = [&](std::string_view owner, std::string_view day) {
    return registry::rule_on(rules, "ssn", owner, day);
  };
  CHECK(on("north", "2027-02-28") == Collect::allow);
  CHECK(on("north", "2027-03-01") == Collect::strip);
  CHECK(on("north", "2027-06-30") == Collect::allow);
  CHECK(on("south", "2027-06-30") == Collect::strip);
  CHECK(on("north", "2027-07-01") == Collect::strip);
  CHECK(registry::rule_on(rules, "sex", "north", "2028-01-01") == Collect::allow);
  CHECK_FALSE(registry::stopped_for_all(rules, "ssn", "2027-02-01"));
  CHECK(registry::stopped_for_all(rules, "ssn", "2027-04-01"));
  CHECK_FALSE(registry::stopped_for_all(rules, "ssn", "2027-06-01"));
  CHECK(registry::stopped_for_all(rules, "ssn", "2027-08-01"));
}

TEST_CASE(
    "after a stop nothing of an SSN is stored, each record is named, and IDs are given all the "
    "same") {
  World w;
  REQUIRE(
      w.open(registry::Access::write).set_collection({"ssn", "", "2027-01-01", Collect::strip}));
  link::FileSet set = w.submit(people(40, 3, true), "north");
  const auto needles = ssn_bytes(set);
  REQUIRE(needles.size() > 100);
  const auto receipt = w.assign(set);
  CHECK(w.notices.notices.size() == 40);
  CHECK(w.notices.refused == "");
  CHECK(receipt.ids_issued == 40);
  CHECK(found_in(w.bytes(), needles) == 0);
  CHECK(w.count("SELECT count(*) FROM record WHERE ssn = 5") == 40);
  CHECK(w.verified() == "");
  // The same people again, and from another owner: found without SSN.
  link::FileSet again = w.submit(people(40, 3, true), "north");
  CHECK(w.assign(again).ids_issued == 0);
  link::FileSet other = w.submit(people(40, 3, false), "south");
  CHECK(w.assign(other).ids_issued == 0);
}

TEST_CASE("a stop may be for one owner, may refuse, and ends on its day") {
  World w;
  REQUIRE(w.open(registry::Access::write)
              .set_collection({"ssn", "north", "2027-01-01", Collect::refuse}));
  REQUIRE(w.open(registry::Access::write)
              .set_collection({"ssn", "north", "2028-01-01", Collect::allow}));
  registry::Registry opened = w.open();
  const auto rules = *registry::collection_rules(opened);
  REQUIRE(rules.size() == 2);
  link::FileSet north = w.submit(people(5, 3, true), "north");
  link::FileSet south = w.submit(people(5, 3, true), "south");
  link::FileSet none = w.submit(people(5, 4, false), "north");
  const auto on = [&](link::FileSet& set, std::string_view day) {
    auto out = intake::enforce_collection(rules, set, day);
    REQUIRE(out);
    return *std::move(out);
  };
  const auto refused = on(north, "2027-06-01");
  CHECK(refused.refused == north.files()[0].path());
  CHECK(refused.notices.size() == 5);
  CHECK(on(south, "2027-06-01").notices.empty());
  CHECK(on(none, "2027-06-01").refused == "");
  link::FileSet later = w.submit(people(5, 3, true), "north");
  CHECK(on(later, "2028-01-01").notices.empty());
  CHECK(later.tokens());
  CHECK_FALSE(north.tokens());
}

TEST_CASE("an SSN sent again is named, and changes nothing") {
  World w;
  link::FileSet first = w.submit(people(10, 3, true), "north");
  w.assign(first);
  CHECK(w.repeated.empty());
  link::FileSet again = w.submit(people(10, 3, true), "north");
  CHECK(w.assign(again).ids_issued == 0);
  CHECK(w.repeated.size() == 10);
}

TEST_CASE("a purge leaves no byte of an SSN in any file, and every ID and link") {
  World w;
  auto rows = people(60, 3, true);
  for (std::size_t i = 0; i < rows.size(); i += 3) rows[i].ssn = "";
  link::FileSet first = w.submit(rows, "north");
  const auto ids = ids_of(w.assign(first));
  // Some payloads change, so that dropped entries, tombstones and older digests are there too.
  auto moved = rows;
  for (std::size_t i = 0; i < 10; ++i) moved[i].last = "NEWNAME";
  link::FileSet second = w.submit(moved, "north");
  w.assign(second);
  link::FileSet third = w.submit(people(60, 3, true), "south");
  w.assign(third);
  auto needles = ssn_bytes(first);
  for (const link::FileSet* set : {&second, &third})
    for (auto& n : ssn_bytes(*set)) needles.push_back(std::move(n));
  // The digests of payloads count tokens, which are 16 bits: whoever has the rest could try them
  // all.
  {
    registry::Registry r = w.open();
    auto s = r.database().prepare("SELECT versions FROM payload");
    while (*s->step())
      for (std::size_t at = 0; at < s->blob(0).size(); at += 16)
        needles.emplace_back(as_text(s->blob(0).subspan(at, 16)));
  }
  REQUIRE(found_in(w.bytes(), needles) > needles.size() / 2);

  REQUIRE(
      w.open(registry::Access::write).set_collection({"ssn", "", "2027-01-01", Collect::strip}));
  Silent silent;
  const auto purge = [&] {
    registry::Registry r = w.open(registry::Access::write);
    const auto n = registry::purge_ssn(r, *w.random, silent);
    REQUIRE(n);
    return *n;
  };
  const registry::PurgeCount n = purge();
  CHECK(n.records == 100);
  CHECK(n.tokens > 200);
  CHECK(n.entries >= 100);
  CHECK(found_in(w.bytes(), needles) == 0);
  CHECK(w.verified() == "");
  CHECK(w.count("SELECT count(*) FROM record WHERE ssn = 1") == 0);
  // Nothing else has changed: same IDs, and the same file again brings nothing new.
  link::FileSet again = w.submit(moved, "north");
  const auto receipt = w.assign(again);
  CHECK(ids_of(receipt) == ids);
  CHECK(receipt.ids_issued == 0);
  CHECK(w.count("SELECT count(*) FROM alarm") == 0);
  link::FileSet east = w.submit(people(60, 3, false), "east");
  CHECK(w.assign(east).ids_issued == 0);
  CHECK(found_in(w.bytes(), needles) == 0);
  const registry::PurgeCount nothing = purge();
  CHECK(nothing.records == 0);
  CHECK(nothing.tokens == 0);
  CHECK(w.verified() == "");
}

TEST_CASE("a purge killed half way is finished by the next") {
  for (const int stage : {0, 1}) {
    World w;
    link::FileSet first = w.submit(people(30, 3, true), "north");
    w.assign(first);
    const auto needles = ssn_bytes(first);
    {
      registry::Registry r = w.open(registry::Access::write);
      std::vector<std::size_t> passes;
      for (std::size_t p = 0; p < w.schema.passes.size(); ++p)
        if (schema::keyed_by_ssn(w.schema, p)) passes.push_back(p);
      if (stage > 0) REQUIRE(r.entries().purge_ssn(passes));
    }  // gone without a commit
    CHECK(w.verified() == "");
    registry::Registry r = w.open(registry::Access::write);
    Silent silent;
    REQUIRE(registry::purge_ssn(r, *w.random, silent));
    CHECK(found_in(w.bytes(), needles) == 0);
    CHECK(w.count("SELECT count(*) FROM record WHERE ssn = 5") == 30);
  }
}

TEST_CASE("parity counts each SSN state by itself") {
  World w;
  auto rows = people(30, 3, true);
  for (std::size_t i = 0; i < 12; ++i) rows[i].ssn = "";
  link::FileSet set = w.submit(rows, "north");
  w.assign(set);
  registry::Registry r = w.open();
  const auto found = *registry::parity(r);
  REQUIRE(found.size() == 2);
  std::int64_t records = 0;
  for (const registry::Parity& p : found) {
    records += p.records;
    CHECK(p.with_id == p.records);
    CHECK(p.waiting == 0);
    CHECK(p.batches == 0);
    CHECK(p.records == (p.state == encoded::SsnState::provided ? 18 : 12));
  }
  CHECK(records == 30);
}
