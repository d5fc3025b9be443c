#include "engine/disclosure/book.h"

#include "tests/disclosure/desk.h"

using namespace tessera;
using namespace tessera::disclosure;

TEST_CASE("a book opens again with its settings, and is not made over another") {
  const Desk desk;
  CHECK(desk.open().settings()->two_persons_above == 3);
  CHECK(!Book::create(desk.path(), {}, desk.today()).has_value());
}

TEST_CASE("R20: changes are one person's: groups and empty names are refused") {
  for (const char* bad : {"", "x", "admin", "Admin", "OFFICE", "shared", " m.ames", "a\nb"})
    CHECK(!require_person(bad).has_value());
  CHECK(require_person("m.ames").has_value());
}

TEST_CASE("a change that fails leaves neither itself nor an event") {
  const Desk desk;
  Book book = desk.open();
  Silent silent;
  const std::int64_t before = book.verify(silent)->seq;
  const Result<void> failed = book.change("x", {}, desk.today(), [&]() -> Result<void> {
    TESSERA_CHECK(book.database().exec("INSERT INTO recipient(name) VALUES('half')"));
    return Error{ErrorCode::conflict, "stop", ""};
  });
  CHECK(!failed.has_value());
  CHECK(book.verify(silent)->seq == before);
  CHECK(*book.database().integer("SELECT count(*) FROM recipient") == 0);
}

TEST_CASE("every change is one event of a chain that verifies") {
  const Desk desk;
  Book book = desk.open();
  Silent silent;
  const std::int64_t before = book.verify(silent)->seq;
  desk.agreed(book);
  CHECK(book.verify(silent)->seq == before + 2);
}

TEST_CASE("an event changed behind the book's back is found, and so is a dropped guard") {
  const Desk desk;
  Book book = desk.open();
  desk.agreed(book);
  constexpr const char* kEdit = "UPDATE event SET body = replace(body, 'e.dunn', 'x.dunn')";
  CHECK(!book.database().exec(kEdit).has_value());
  // The guards stop programs; whoever edits the file drops them first.
  REQUIRE(book.database().exec("DROP TRIGGER event_no_update").has_value());
  REQUIRE(book.database().exec(kEdit).has_value());
  Silent silent;
  CHECK(!book.verify(silent).has_value());
  CHECK(!Book::open(desk.path(), false).has_value());
}
