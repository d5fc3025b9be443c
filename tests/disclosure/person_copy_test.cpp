#include "engine/disclosure/person_copy.h"

#include "tests/disclosure/desk.h"

using namespace tessera;
using namespace tessera::disclosure;

namespace {

registry::IdCard card() {
  registry::IdCard c;
  c.id = c.survivor = id_of(7);
  c.state = "live";
  c.person = 1;
  c.records = {{"north <district>", 2}};
  c.history = {{1, 1, "issued"}, {2, 1, "record of north attached"}};
  return c;
}

}  // namespace

TEST_CASE("R58: one page, in words, with history and disclosures; nothing is loaded") {
  Disclosure d;
  d.recipient = "State University";
  d.purpose = "who goes on";
  d.made_on = "2026-11-21";
  const std::string page = person_page(card(), {d}, day("2026-11-22"));
  CHECK(page.find(id_text(7)) != std::string::npos);
  CHECK(page.find("north &lt;district&gt;") != std::string::npos);
  CHECK(page.find("State University") != std::string::npos);
  CHECK(page.find("record of north attached") != std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(person_page(card(), {}, day("2026-11-22")).find("Nobody") != std::string::npos);
}

TEST_CASE("a retired ID names the one that stands for it") {
  registry::IdCard c = card();
  c.state = "retired";
  c.survivor = id_of(8);
  CHECK(person_page(c, {}, day("2026-11-22")).find(id_text(8)) != std::string::npos);
}

TEST_CASE("R58, R59: a copy is noted with to whom and how identity was checked") {
  const Desk desk;
  Book book = desk.open();
  Silent silent;
  const std::int64_t before = book.verify(silent)->seq;
  CHECK(!note_copy(book, id_of(7), "neighbour", "passport", desk.today()).has_value());
  CHECK(!note_copy(book, id_of(7), "parent", "", desk.today()).has_value());
  CHECK(note_copy(book, id_of(7), "parent", "passport", desk.today()).has_value());
  CHECK(note_copy(book, id_of(7), "staff", "badge", desk.today()).has_value());
  CHECK(book.verify(silent)->seq == before + 2);
}
