#include "engine/registry/id_changes.h"

#include <doctest/doctest.h>

#include "engine/registry/history.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

struct State {
  Scratch scratch;
  std::string path = scratch / "R.db";
  std::uint64_t seed = 0;
  State() { create_registry(path); }
  Issued one(const Roster& roster) {
    const auto receipt = submit(path, {roster}, ++seed);
    if (!receipt) FAIL(receipt.error().what);
    return receipt->issued[0];
  }
  Registry write() { return open_registry(path, Access::write); }
  IdCard card(StateId id) {
    Registry r = open_registry(path, Access::read);
    return **find_id(r, id);
  }
};

}  // namespace

TEST_CASE("R2: a merge retires one ID for ever; it resolves, and its records follow") {
  State s;
  const StateId a = s.one({"a", {{1, 11}}}).id;
  const StateId b = s.one({"b", {{1, 22}}}).id;
  {
    Registry r = s.write();
    const auto made = merge_ids(r, a, b, kAna);
    REQUIRE(made);
    CHECK(made->id == b);
    CHECK(made->records == 1);
  }
  CHECK(s.card(a).state == "retired");
  CHECK(s.card(a).survivor == b);
  CHECK(s.one({"a", {{1, 11}}}).id == b);
  CHECK(s.one({"c", {{1, 11}}}).id == b);  // and whoever is like them is b
  Registry r = s.write();
  CHECK(merge_ids(r, a, b, kAna).error().code == ErrorCode::conflict);  // retired already
  CHECK(merge_ids(r, b, b, kAna).error().code == ErrorCode::usage);
  CHECK(merge_ids(r, b, 1234567890, kAna).error().code == ErrorCode::usage);
  CHECK(merge_ids(r, b, a, {"", "x"}).error().code == ErrorCode::usage);
  CHECK(merge_ids(r, b, a, {"ana", ""}).error().code == ErrorCode::usage);
}

TEST_CASE("an undone merge gives each their own again, but for what was decided since") {
  State s;
  const StateId a = s.one({"a", {{1, 11}}}).id;
  s.one({"x", {{1, 11}}});
  const StateId b = s.one({"b", {{1, 22}}}).id;
  {
    Registry r = s.write();
    REQUIRE(merge_ids(r, a, b, kAna));
  }
  StateId c = 0;
  {
    Registry r = s.write();
    const auto random = seeded_random(5);
    const auto split = split_id(r, b, "x", {}, kAna, *random);  // x's record of a is a third person
    REQUIRE(split);
    c = split->id;
  }
  {
    Registry r = s.write();
    const auto back = undo_change(r, 1, kAna);
    REQUIRE(back);
    CHECK(back->id == a);
    CHECK(back->records == 1);
  }
  CHECK(s.card(a).state == "live");
  CHECK(s.card(a).records.size() == 1);
  CHECK(s.card(b).records.size() == 1);
  CHECK(s.card(c).records.size() == 1);
  {
    Registry r = s.write();
    CHECK(undo_change(r, 1, kAna).error().code == ErrorCode::conflict);
  }
  {
    Registry r = s.write();
    CHECK(undo_change(r, 9, kAna).error().code == ErrorCode::usage);
  }
  CHECK(s.card(a).changes.size() == 1);
  CHECK(s.card(a).changes[0].undone);
  CHECK(verified(s.path) == "");
}

TEST_CASE("a split gives the records that leave a new ID, and the machine never joins them again") {
  State s;
  const StateId a = s.one({"a", {{1, 11}}}).id;
  CHECK(s.one({"b", {{1, 11}}}).id == a);  // a claim of b's
  CHECK(s.card(a).records.size() == 2);
  StateId b = 0;
  {
    Registry r = s.write();
    const auto random = seeded_random(7);
    CHECK(split_id(r, a, "nobody", {}, kAna, *random).error().code == ErrorCode::usage);
    const auto made = split_id(r, a, "b", {key_of(1)}, kAna, *random);
    REQUIRE(made);
    b = made->id;
    CHECK(b != a);
  }
  CHECK(s.card(a).records.size() == 1);
  CHECK(s.one({"b", {{1, 11}}}).id == b);     // the same values again
  CHECK(s.one({"b", {{1, 11, 1}}}).id == b);  // and others
  {
    Registry r = open_registry(s.path, Access::read);
    CHECK(count(r)->claims == 0);
  }  // reversed
  {
    Registry r = s.write();
    const auto random = seeded_random(8);
    CHECK(split_id(r, a, "a", {}, kAna, *random).error().code ==
          ErrorCode::conflict);                                           // nothing stays
    CHECK(merge_ids(r, b, a, kAna).error().code == ErrorCode::conflict);  // decided: different
  }
  {
    Registry r = s.write();
    REQUIRE(merge_ids(r, b, a, kAna, true));
  }
  {
    Registry r = s.write();
    REQUIRE(undo_change(r, 2, kAna));
  }
  {
    Registry r = s.write();
    REQUIRE(undo_change(r, 1, kAna));
  }
  CHECK(s.card(b).survivor == a);
  CHECK(s.card(a).records.size() == 2);
  CHECK(verified(s.path) == "");
}

TEST_CASE("a retired ID without a survivor draws nobody, and its records get conflict and no ID") {
  State s;
  const StateId a = s.one({"a", {{1, 11}}}).id;
  {
    Registry r = s.write();
    REQUIRE(retire_id(r, a, kAna));
  }
  CHECK(s.card(a).state == "retired");
  CHECK(s.card(a).survivor == a);
  const Issued again = s.one({"a", {{1, 11}}});
  CHECK(again.status == Status::conflict);
  CHECK(again.reason == Reason::retired_id);
  CHECK(again.id == 0);
  const Issued other = s.one({"b", {{1, 11}}});
  CHECK(other.status == Status::new_id);
  CHECK(other.id != a);
  {
    Registry r = s.write();
    CHECK(archive_id(r, a, kAna).error().code == ErrorCode::conflict);
  }
  {
    Registry r = s.write();
    REQUIRE(undo_change(r, 1, kAna));
  }
  CHECK(s.one({"a", {{1, 11}}}).id == a);
  CHECK(verified(s.path) == "");
}

TEST_CASE("R11: an archived ID is found when its person returns, and is in use again") {
  State s;
  const StateId a = s.one({"a", {{1, 11}}}).id;
  const StateId b = s.one({"a", {{2, 12}}}).id;
  {
    Registry r = s.write();
    REQUIRE(archive_id(r, a, kAna));
  }
  {
    Registry r = s.write();
    REQUIRE(archive_id(r, b, kAna));
  }
  CHECK(s.card(a).state == "archived");
  CHECK(s.one({"c", {{4, 11}}}).id == a);  // elsewhere
  CHECK(s.card(a).state == "live");
  CHECK(s.one({"a", {{2, 12}}}).id == b);  // where it was
  CHECK(s.card(b).state == "live");
  {
    Registry r = s.write();
    CHECK(undo_change(r, 1, kAna).error().code == ErrorCode::conflict);
  }
  CHECK(verified(s.path) == "");
}

TEST_CASE("R7: one human being may hold a student ID and a staff ID, linked") {
  State s;
  const StateId student = s.one({"a", {{1, 11}}}).id;
  const StateId staff = s.one({"b", {{1, 22}}, encoded::Population::staff}).id;
  const StateId other = s.one({"b", {{2, 33}}, encoded::Population::staff}).id;
  {
    Registry r = s.write();
    CHECK(link_ids(r, staff, student, kAna).error().code == ErrorCode::conflict);
    CHECK(merge_ids(r, student, staff, kAna).error().code == ErrorCode::conflict);
    REQUIRE(link_ids(r, student, staff, kAna));
  }
  {
    Registry r = s.write();
    CHECK(link_ids(r, student, other, kAna).error().code == ErrorCode::conflict);
  }
  CHECK(s.card(student).linked == staff);
  CHECK(s.card(staff).linked == student);
  {
    Registry r = s.write();
    REQUIRE(merge_ids(r, staff, other, kAna));
  }
  CHECK(s.card(student).linked == other);  // follows
  {
    Registry r = s.write();
    REQUIRE(undo_change(r, 1, kAna));
  }
  CHECK(s.card(student).linked == 0);
  CHECK(verified(s.path) == "");
}
