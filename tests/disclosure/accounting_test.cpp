#include "engine/disclosure/accounting.h"

#include "tests/disclosure/desk.h"

using namespace tessera;
using namespace tessera::disclosure;

TEST_CASE("a student's account names what, why, and to whom; of several IDs each release once") {
  const Desk desk;
  Book book = desk.open();
  desk.made(book, desk.agreed(book), Desk::table(2));
  const auto all = disclosures_of(book, {id_of(0), id_of(1)});
  REQUIRE(all.has_value());
  REQUIRE(all->size() == 1);
  const Disclosure& d = all->front();
  CHECK(d.recipient == "State University");
  CHECK(d.basis == "study");
  CHECK(d.purpose == "who goes on");
  CHECK(d.fields == "[\"grade\",\"program\"]");
  CHECK(d.made_on == "2026-11-21");
  CHECK(d.students == 2);
}

TEST_CASE("R69: a breach by artefact, by account, by days: its releases and its students") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = desk.agreed(book);
  const Made first = desk.made(book, id, Desk::table(1));
  desk.made(book, id, Desk::table(3));
  REQUIRE(fetch(book, first.file, "f", {"r.lee", day("2027-01-15")}).has_value());

  Breach b;
  CHECK(!touched_by(book, b).has_value());
  b.artefact = first.name;
  CHECK(touched_by(book, b)->students == std::vector<std::uint64_t>{id_of(0)});
  b = {};
  b.account = "r.lee";  // fetched the first only
  CHECK(touched_by(book, b)->releases.size() == 1);
  b.account = "e.dunn";  // approved nothing: both were small enough
  CHECK(touched_by(book, b)->releases.empty());
  b.account = "m.ames";
  CHECK(touched_by(book, b)->students.size() == 3);
  b = {};
  b.from = day("2027-01-01");  // the first was fetched in that time
  CHECK(touched_by(book, b)->releases.size() == 1);
  b = {};
  b.to = day("2026-11-20");
  CHECK(touched_by(book, b)->releases.empty());
}
