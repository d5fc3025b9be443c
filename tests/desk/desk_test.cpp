#include "engine/desk/desk.h"

#include <doctest/doctest.h>

#include "tests/ledger/scratch.h"

using namespace tessera;
using namespace tessera::desk;

TEST_CASE("a desk is made once, opens again, and belongs to one registry") {
  const test::Scratch scratch;
  const std::string path = desk_path(scratch / "R.db");
  CHECK_FALSE(Desk::open(path, {1}));
  REQUIRE(Desk::open_or_make(path, {1}));
  CHECK(Desk::open_or_make(path, {1}));
  CHECK(Desk::open(path, {1}));
  const auto other = Desk::open(path, {2});
  REQUIRE_FALSE(other);
  CHECK(other.error().code == ErrorCode::conflict);
  CHECK_FALSE(Desk::open_or_make(path, {2}));
}

TEST_CASE("a change that fails leaves neither itself nor an event; a changed event is found") {
  const test::Scratch scratch;
  auto desk = Desk::open_or_make(scratch / "d", {1});
  REQUIRE(desk);
  Silent silent;
  const auto failed = desk->change("x", {}, {"e.dunn", "2027-01-01"}, [&]() -> Result<void> {
    TESSERA_CHECK(desk->database().exec(
        "INSERT INTO request VALUES(9, 'amendment', 'o', 'student', 'a', 'w', 'd', 'o', 'b', "
        "'open', '', '', '', '', '', '')"));
    return Error{ErrorCode::conflict, "stop", ""};
  });
  CHECK_FALSE(failed);
  CHECK(*desk->database().integer("SELECT count(*) FROM request") == 0);
  CHECK(desk->verify(silent)->seq == 0);
  const auto nothing = [] { return Result<void>(); };
  REQUIRE(desk->change("x", {}, {"e.dunn", "2027-01-01"}, nothing));
  CHECK(desk->verify(silent)->seq == 1);
  REQUIRE(desk->database().exec(
      "DROP TRIGGER event_no_update; UPDATE event SET body = replace(body, 'e.dunn', 'x.dunn')"));
  CHECK_FALSE(desk->verify(silent));
}
