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
  c.history = {{1, 1, "issued"}, {2, 2, "record of north attached"}};
  return c;
}

bool says(const std::string& page, std::string_view text) {
  return page.find(text) != std::string::npos;
}

// Every tag that is opened is closed, in order, but for those that never are.
bool balanced(const std::string& page) {
  std::vector<std::string> open;
  for (std::size_t at = page.find('<'); at != std::string::npos; at = page.find('<', at + 1)) {
    const std::size_t end = page.find_first_of(" >", at);
    std::string tag = page.substr(at + 1, end - at - 1);
    if (tag == "!DOCTYPE" || tag == "meta") continue;
    if (tag[0] != '/') {
      open.push_back(tag);
    } else {
      if (open.empty() || open.back() != tag.substr(1)) return false;
      open.pop_back();
    }
  }
  return open.empty();
}

}  // namespace

TEST_CASE("R58: one page, in words, with history and disclosures; nothing is loaded") {
  Disclosure d;
  d.recipient = "State University";
  d.purpose = "who goes on";
  d.made_on = "2026-11-21";
  d.basis = "study";
  d.fields = R"(["grade","program"])";
  registry::WholePerson whole{{id_of(7)}, {}, {{2, "2026-10-01"}}};
  const std::string page = person_page(card(), whole, {d}, day("2026-11-22"));
  CHECK(says(page, id_text(7)));
  CHECK(says(page, "north &lt;district&gt;"));
  CHECK(says(page, "State University"));
  CHECK(says(page, "<li>The number was given, in run 1.</li>"));
  CHECK(says(page, "<li>A record of north was found to be of this person, on 2026-10-01.</li>"));
  CHECK(says(page, "a study for schools"));
  CHECK(says(page, "grade, program"));
  CHECK_FALSE(says(page, "[&quot;"));
  CHECK(says(page, "default-src 'none'"));
  CHECK(says(page, "Nothing: every record was sure enough"));
  CHECK(balanced(page));
  CHECK(says(person_page(card(), whole, {}, day("2026-11-22")), "Nobody"));
  // Every ground has words of its own.
  for (const std::string_view basis : kBases) {
    d.basis = basis;
    const std::string other = person_page(card(), whole, {d}, day("2026-11-22"));
    CHECK_FALSE(says(other, "<td>" + std::string(basis) + "</td>"));
    CHECK_FALSE(says(other, std::string(basis) + "_"));
  }
}

TEST_CASE("R58: all numbers of the person, and what people decided, without who or anybody else") {
  registry::IdCard c = card();
  c.aliases = {{"special-education", "SE-77", c.id}};
  c.linked = id_of(20);
  c.open_reviews = 2;
  c.changes = {
      {1, registry::ChangeKind::merge, id_of(8), id_of(7), "e.dunn", "case 4", false, "", ""},
      {2, registry::ChangeKind::split, id_of(7), id_of(9), "e.dunn", "case 5", true, "e.dunn",
       "case 6"}};
  const registry::WholePerson whole{{id_of(7), id_of(8)},
                                    {{"2026-10-01", registry::Verdict::same, true, "case 7"},
                                     {"", registry::Verdict::same, false, "case 8"},
                                     {"", registry::Verdict::different, true, "case 9"}},
                                    {}};
  const std::string page = person_page(c, whole, {}, day("2026-11-22"));
  for (const char* text :
       {"SE-77", "special-education", "of the same person as staff", "an earlier state ID",
        "found to be of one person, and joined", "Records of somebody else were taken away",
        "later taken back: case 6", "case 4", "case 5", "A doubtful record is of this person",
        "asked on 2026-10-01", "A doubtful record is of somebody else", "of two persons",
        "nobody has answered yet: 2"}) {
    CAPTURE(text);
    CHECK(says(page, text));
  }
  CHECK(says(page, id_text(8)));
  CHECK(says(page, id_text(20)));
  CHECK_FALSE(says(page, id_text(9)));  // whoever the split-off records are of
  CHECK_FALSE(says(page, "e.dunn"));
  CHECK(balanced(page));
}

TEST_CASE("a retired ID names the one that stands for it") {
  registry::IdCard c = card();
  c.state = "retired";
  c.survivor = id_of(8);
  const registry::WholePerson whole{{id_of(8), id_of(7)}, {}, {}};
  CHECK(says(person_page(c, whole, {}, day("2026-11-22")), id_text(8)));
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
