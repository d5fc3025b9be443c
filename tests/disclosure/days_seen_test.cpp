// Ends of agreements and artefacts under clocks that are wrong.
#include "engine/disclosure/days_seen.h"

#include "tests/disclosure/desk.h"

namespace days_seen_test {

using namespace tessera;
using namespace tessera::disclosure;

namespace {

// An agreement whose data may go out for a year longer than Desk::request()'s.
Request longer() {
  Request r = Desk::request();
  r.recipient = "Another University";
  r.people = {"s.kay"};
  r.project = "another";
  r.ends = day("2028-08-31");
  r.destroy_by = day("2028-12-31");
  return r;
}

Made made_until(const Desk& desk, Book& book, std::int64_t agreement, const char* expires) {
  const Table table = Desk::table(2);
  const auto random = seeded_random(static_cast<std::uint64_t>(agreement));
  const auto p = propose(book, agreement, table, Audience::organisation, desk.today());
  REQUIRE(p);
  const auto made = make_release(book, p->release, table, day(expires), *random, desk.today());
  REQUIRE(made);
  return *made;
}

}  // namespace

TEST_CASE("an artefact that was let to expire does not open under a clock set back") {
  const Desk desk;
  Book book = desk.open();
  const Made first = made_until(desk, book, desk.agreed(book), "2027-06-30");
  const Made second = made_until(desk, book, desk.agreed(book, longer()), "2028-06-30");
  CHECK(fetch(book, first.file, "f", {"r.lee", day("2027-06-30")}));
  CHECK(fetch(book, second.file, "f", {"s.kay", day("2027-07-01")}));
  const auto refused = fetch(book, first.file, "f", {"r.lee", day("2027-06-30")});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.find("expired") != std::string::npos);
  CHECK(fetch(book, second.file, "f", {"s.kay", day("2027-01-01")}));  // its own day is to come
}

TEST_CASE("an agreement that has ended lets nothing out under a clock set back") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t ended = desk.agreed(book);
  const Made second = made_until(desk, book, desk.agreed(book, longer()), "2028-06-30");
  const Table table = Desk::table(2);
  const auto p = propose(book, ended, table, Audience::organisation, desk.today());
  REQUIRE(p);
  REQUIRE(fetch(book, second.file, "f", {"s.kay", day("2027-09-01")}));
  const auto random = seeded_random(3);
  CHECK_FALSE(propose(book, ended, table, Audience::organisation, desk.today()));
  CHECK_FALSE(make_release(book, p->release, table, day("2027-06-30"), *random, desk.today()));
}

TEST_CASE("a refused fetch, and what a caller says the day is, prove no day") {
  const Desk desk;
  Book book = desk.open();
  const Made made = made_until(desk, book, desk.agreed(book), "2027-06-30");
  CHECK_FALSE(fetch(book, made.file, "f", {"r.lee", day("2046-01-01")}));
  REQUIRE(file_letter(book, 1, "thanks", {}, {"m.ames", day("2046-01-01")}));
  CHECK(fetch(book, made.file, "f", desk.today("r.lee")));
}

TEST_CASE("what is agreed and made after a clock ran ahead lasts as long as any other") {
  const Desk desk;
  Book book = desk.open();
  const Made ahead = made_until(desk, book, desk.agreed(book, longer()), "2028-06-30");
  REQUIRE(fetch(book, ahead.file, "f", {"s.kay", day("2028-01-01")}));  // and is then set right
  const Made made = made_until(desk, book, desk.agreed(book), "2027-06-30");
  CHECK(fetch(book, made.file, "f", desk.today("r.lee")));
}

TEST_CASE("a debarment is not over because a clock ran ahead once") {
  const Desk desk;
  Book book = desk.open();
  const auto until_2040 = [](Request r) {
    r.ends = day("2040-08-31");
    r.destroy_by = day("2040-12-31");
    return r;
  };
  const Made other = made_until(desk, book, desk.agreed(book, until_2040(longer())), "2040-06-30");
  const std::int64_t agreement = desk.agreed(book, until_2040(Desk::request()));
  const Made made = made_until(desk, book, agreement, "2040-06-30");
  REQUIRE(debar(book, "State University", "on a public site", desk.today()));
  REQUIRE(fetch(book, other.file, "f", {"s.kay", day("2032-01-01")}));
  const auto refused = fetch(book, made.file, "f", desk.today("r.lee"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().what.find("debarred") != std::string::npos);
  CHECK_FALSE(propose(book, agreement, Desk::table(2), Audience::organisation, desk.today()));
}

}  // namespace days_seen_test
