#include "engine/disclosure/release.h"

#include "engine/disclosure/accounting.h"
#include "tests/disclosure/desk.h"

using namespace tessera;
using namespace tessera::disclosure;

namespace {

Result<Made> make(const Desk& desk, Book& book, std::int64_t release, const Table& table,
                  const char* expires = "2027-06-30") {
  const std::unique_ptr<Random> random = system_random();
  return make_release(book, release, table, day(expires), *random, desk.today());
}

}  // namespace

TEST_CASE("R53: no release without an agreement that is active on the day") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = *submit(book, Desk::request(), desk.today());
  CHECK(!propose(book, id, Desk::table(1), Audience::organisation, desk.today()).has_value());
  REQUIRE(approve(book, id, sha256(as_bytes("f")), desk.today()).has_value());
  CHECK(propose(book, id, Desk::table(1), Audience::organisation, desk.today()).has_value());
  CHECK(!propose(book, id, Desk::table(1), Audience::organisation, {"m.ames", day("2027-09-01")})
             .has_value());
  CHECK(!propose(book, 9, Desk::table(1), Audience::organisation, desk.today()).has_value());
}

TEST_CASE("only columns that the agreement names leave") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = desk.agreed(book);
  const Table more =
      *read_table(fmt::format("state_id,grade,lunch\n{},9,free\n", id_text(1)), "t", "state_id");
  CHECK(!propose(book, id, more, Audience::organisation, desk.today()).has_value());
}

TEST_CASE("R76: above the setting a second person, not the first again") {
  const Desk desk;  // two persons above 3
  Book book = desk.open();
  const std::int64_t id = desk.agreed(book);
  const Table four = Desk::table(4);
  const Result<Proposal> p = propose(book, id, four, Audience::organisation, desk.today());
  REQUIRE(p.has_value());
  CHECK(p->needs_second);
  CHECK(p->students == 4);
  CHECK(!make(desk, book, p->release, four).has_value());
  CHECK(!approve_release(book, p->release, desk.today("m.ames")).has_value());
  REQUIRE(approve_release(book, p->release, desk.today("e.dunn")).has_value());
  CHECK(make(desk, book, p->release, four).has_value());
  CHECK(!make(desk, book, p->release, four).has_value());
  CHECK(!propose(book, id, Desk::table(3), Audience::organisation, desk.today())->needs_second);
}

TEST_CASE("what is made is what was proposed") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = desk.agreed(book);
  const Result<Proposal> p =
      propose(book, id, Desk::table(2), Audience::organisation, desk.today());
  REQUIRE(p.has_value());
  CHECK(!make(desk, book, p->release, Desk::table(3)).has_value());
  CHECK(!make(desk, book, p->release, Desk::table(2), "2027-09-01").has_value());
  CHECK(!make(desk, book, p->release, Desk::table(2), "2026-11-20").has_value());
  CHECK(make(desk, book, p->release, Desk::table(2)).has_value());
}

TEST_CASE("R48: every student of a release is accounted for, once it is made and not before") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = desk.agreed(book);
  REQUIRE(propose(book, id, Desk::table(2), Audience::organisation, desk.today()).has_value());
  CHECK(disclosures_of(book, {id_of(0)})->empty());
  desk.made(book, id, Desk::table(2));
  CHECK(disclosures_of(book, {id_of(0)})->size() == 1);
  CHECK(disclosures_of(book, {id_of(2)})->empty());
  CHECK(!book.database().exec("DELETE FROM disclosed").has_value());
}

TEST_CASE("the file that goes out holds codes, the data, and no state ID; its book opens it") {
  const Desk desk;
  Book book = desk.open();
  const Made made = desk.made(book, desk.agreed(book), Desk::table(3));
  CHECK(as_text(made.file).find(id_text(1)) == std::string_view::npos);
  const Result<std::string> content = fetch(book, made.file, "f", desk.today("r.lee"));
  REQUIRE(content.has_value());
  CHECK(content->find("code,grade,program\n") == 0);
  CHECK(content->find(",9,p1\n") != std::string::npos);
  for (int i = 0; i < 3; ++i) CHECK(content->find(id_text(i)) == std::string::npos);
}

TEST_CASE("R73: nothing with more than one student is made out to a parent") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = desk.agreed(book);
  CHECK(!propose(book, id, Desk::table(2), Audience::parent, desk.today()).has_value());
  CHECK(propose(book, id, Desk::table(1), Audience::parent, desk.today()).has_value());
  CHECK(!propose(book, id, Desk::table(0), Audience::organisation, desk.today()).has_value());
}

TEST_CASE("two releases of a project share codes, so that the recipient can join them") {
  const Desk desk;
  Book book = desk.open();
  const std::int64_t id = desk.agreed(book);
  const auto code = [&](const Made& made) {
    const Result<std::string> text = fetch(book, made.file, "f", desk.today("r.lee"));
    REQUIRE(text.has_value());
    return text->substr(text->find('\n') + 1, 12);
  };
  const Made first = desk.made(book, id, Desk::table(1));
  const Made second = desk.made(book, id, Desk::table(1));
  CHECK(code(first) == code(second));
}
