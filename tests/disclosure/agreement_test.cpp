#include "engine/disclosure/agreement.h"

#include "engine/disclosure/accounting.h"
#include "tests/disclosure/desk.h"

using namespace tessera;
using namespace tessera::disclosure;

TEST_CASE("R51, R53: submitted, approved with a signed form, active, ended, overdue, destroyed") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = submit(book, Desk::request(), desk.today()).has_value() ? 1 : 0;
  REQUIRE(id == 1);
  const auto status = [&](const char* on) { return find_agreement(book, id, day(on))->status; };
  CHECK(status("2026-11-21") == "submitted");
  REQUIRE(approve(book, id, sha256(as_bytes("form")), desk.today("e.dunn")).has_value());
  CHECK(status("2026-08-31") == "approved");
  CHECK(status("2026-09-01") == "active");
  CHECK(status("2027-08-31") == "active");
  CHECK(status("2027-09-01") == "ended");
  CHECK(status("2027-12-31") == "ended");
  CHECK(status("2028-01-01") == "overdue");
  REQUIRE(
      mark_destroyed(book, id, sha256(as_bytes("c")), {"e.dunn", day("2028-01-02")}).has_value());
  CHECK(status("2028-01-02") == "destroyed");
  CHECK(!approve(book, id, sha256(as_bytes("form")), desk.today()).has_value());
}

TEST_CASE("R49: exactly one of the ten grounds, and everything else that a request needs") {
  const Desk desk;
  Book book = desk.open();
  const auto refused = [&](auto spoil) {
    Request r = Desk::request();
    spoil(r);
    return !submit(book, r, desk.today()).has_value();
  };
  CHECK(refused([](Request& r) { r.basis = "curiosity"; }));
  CHECK(refused([](Request& r) { r.basis = ""; }));
  CHECK(refused([](Request& r) { r.purpose = ""; }));
  CHECK(refused([](Request& r) { r.people.clear(); }));
  CHECK(refused([](Request& r) { r.agency = ""; }));
  CHECK(refused([](Request& r) { r.safeguards = ""; }));
  CHECK(refused([](Request& r) { r.fields.clear(); }));
  CHECK(refused([](Request& r) { r.destroy_by = day("2026-01-01"); }));
  for (const std::string_view basis : kBases) CHECK(!refused([&](Request& r) { r.basis = basis; }));
}

TEST_CASE("R57: a denial has its reason, and its letters stay") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = *submit(book, Desk::request(), desk.today());
  CHECK(!deny(book, id, "", desk.today()).has_value());
  REQUIRE(file_letter(book, id, "asked for a storage plan", {}, desk.today()).has_value());
  REQUIRE(deny(book, id, "no storage plan", desk.today()).has_value());
  CHECK(find_agreement(book, id, day("2026-11-21"))->status == "denied");
  CHECK(*book.database().integer("SELECT count(*) FROM letter") == 1);
  CHECK(!file_letter(book, 99, "lost", {}, desk.today()).has_value());
}

TEST_CASE("R56: debarred for five years, its people too, and never let in early") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = desk.agreed(book);
  CHECK(to_text(*debar(book, "State University", "found on a public site", desk.today())) ==
        "2031-11-21");
  const Result<std::int64_t> again = submit(book, Desk::request(), desk.today());
  REQUIRE(!again.has_value());
  CHECK(again.error().code == ErrorCode::conflict);
  Request elsewhere = Desk::request();
  elsewhere.recipient = "Another Institute";  // the same r.lee
  CHECK(!submit(book, elsewhere, desk.today()).has_value());
  elsewhere.people = {"s.park"};
  CHECK(submit(book, elsewhere, desk.today()).has_value());
  CHECK(!propose(book, id, Desk::table(1), Audience::organisation, desk.today()).has_value());
  // Debarring again with an earlier day does not shorten it.
  REQUIRE(debar(book, "State University", "again", {"e.dunn", day("2026-01-01")}).has_value());
  CHECK(!require_welcome(book, "State University", {}, day("2031-11-20")).has_value());
  // Their agreement has to be closed as well before they are welcome.
  REQUIRE(mark_destroyed(book, id, sha256(as_bytes("c")), desk.today()).has_value());
  CHECK(require_welcome(book, "State University", {}, day("2031-11-21")).has_value());
}

TEST_CASE("R52: who owes a destruction gets nothing new") {
  const Desk desk;
  Book book = desk.open();
  desk.agreed(book);
  Request next = Desk::request();
  next.starts = day("2028-01-01");
  next.ends = next.destroy_by = day("2028-12-31");
  CHECK(!submit(book, next, {"m.ames", day("2028-01-01")}).has_value());
  REQUIRE(
      mark_destroyed(book, 1, sha256(as_bytes("c")), {"e.dunn", day("2028-01-02")}).has_value());
  CHECK(submit(book, next, {"m.ames", day("2028-01-03")}).has_value());
}

TEST_CASE("R50: destruction closes artefacts and shreds the project's codes") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = desk.agreed(book);
  const Made made = desk.made(book, id, Desk::table(2));
  CHECK(*book.database().integer("SELECT count(*) FROM pseudonym") == 2);
  REQUIRE(mark_destroyed(book, id, sha256(as_bytes("c")), desk.today("e.dunn")).has_value());
  CHECK(*book.database().integer("SELECT count(*) FROM pseudonym") == 0);
  CHECK(!fetch(book, made.file, "x", desk.today("r.lee")).has_value());
  CHECK(disclosures_of(book, {id_of(0)})->size() == 1);
}
