#include "engine/desk/request.h"

#include <doctest/doctest.h>

#include "engine/registry/history.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

namespace request_test {

using namespace tessera;
using namespace tessera::desk;

namespace {

const Act kState{"e.dunn", "2027-01-10"};
const Act kDistrict{"j.doe", "2027-01-12"};

// Two districts; the first ID is held by both, the second by north alone.
struct World {
  test::Scratch scratch;
  std::string path = scratch / "R.db";
  registry::StateId both = 0, north = 0;
  Desk desk = make();

  Desk make() {
    test::create_registry(path);
    const auto issued =
        test::submit(path, {{"north", {{1, 10}, {2, 20}}}, {"south", {{3, 10}}}}, 1);
    REQUIRE(issued);
    both = issued->issued[0].id;
    north = issued->issued[1].id;
    return *Desk::open_or_make(desk_path(path), open().name());
  }
  registry::Registry open() { return test::open_registry(path, registry::Access::read); }
  Result<std::int64_t> ask(registry::StateId id, const std::string& owner) {
    registry::Registry r = open();
    return ask_amendment(desk, r, id, owner, "field: birth date; case 7", "2027-02-01", kState);
  }
};

}  // namespace

TEST_CASE("R60: an amendment goes to whoever sent the record, and is tracked to its end") {
  World w;
  const auto id = w.ask(w.north, "");
  REQUIRE(id);
  CHECK(request(w.desk, *id)->owner == "north");
  CHECK(request(w.desk, *id)->about == registry::to_text(w.north));
  CHECK(request(w.desk, *id)->state == "open");
  REQUIRE(answer(w.desk, *id, "corrected", kDistrict));
  CHECK_FALSE(answer(w.desk, *id, "again", kDistrict));
  REQUIRE(close(w.desk, *id, "seen in the next file", kState));
  CHECK_FALSE(close(w.desk, *id, "again", kState));
  CHECK_FALSE(answer(w.desk, *id, "late", kDistrict));
  const Request r = *request(w.desk, *id);
  CHECK(r.state == "closed");
  CHECK(r.answered_by == "j.doe");
  CHECK(r.closed_on == "2027-01-10");
  Silent silent;
  CHECK(w.desk.verify(silent)->seq == 3);
}

TEST_CASE("who holds the ID decides whom an amendment may go to") {
  World w;
  CHECK_FALSE(w.ask(w.both, ""));  // of two
  CHECK(w.ask(w.both, "south"));
  CHECK_FALSE(w.ask(w.north, "south"));
  CHECK_FALSE(w.ask(1234567897, ""));  // never issued here
  CHECK(requests(w.desk, "south")->size() == 1);
  CHECK(requests(w.desk, "")->size() == 1);
  CHECK(requests(w.desk, "north")->empty());
}

TEST_CASE("a request needs words, a day to come, and is never deleted or opened again") {
  World w;
  const auto direct = [&](const std::string& what, const std::string& due,
                          const std::string& people = "student") {
    return direct_resubmission(w.desk, "north", people, "fall-2026", what, due, kState);
  };
  CHECK_FALSE(direct("", "2027-02-01"));
  CHECK_FALSE(direct("a\nb", "2027-02-01"));
  CHECK_FALSE(direct("grade is empty", "2027-01-09"));
  CHECK_FALSE(direct("grade is empty", "soon"));
  CHECK_FALSE(direct("grade is empty", "2027-02-01", "pupils"));
  const auto id = direct("grade is empty", "2027-02-01");
  REQUIRE(id);
  CHECK_FALSE(request(w.desk, *id + 1));
  CHECK_FALSE(w.desk.database().exec("DELETE FROM request"));
  REQUIRE(close(w.desk, *id, "withdrawn", kState));
  CHECK_FALSE(w.desk.database().exec("UPDATE request SET state = 'open'"));
  CHECK_FALSE(close(w.desk, *id, "done after all", kState));
  CHECK_FALSE(answer(w.desk, *id, "mended", kState));
  CHECK(request(w.desk, *id)->outcome == "withdrawn");
}

}  // namespace request_test
