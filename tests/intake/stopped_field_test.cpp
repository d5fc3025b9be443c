// The stop switch on fields other than the SSN: what is taken out, what is refused, what is told.
#include <algorithm>

#include <doctest/doctest.h>

#include "engine/intake/collection.h"
#include "engine/intake/locate.h"
#include "tests/intake/ssn_world.h"

using namespace tessera;
using registry::Collect;
using test::field_bytes;
using test::found_in;
using test::ids_of;
using test::people;
using World = test::SsnWorld;

namespace {

schema::Schema hidden() { return *schema::load("default"); }     // presence of middle and sex
schema::Schema shown() { return *schema::load("high-recall"); }  // in the clear

Result<ledger::SignedHead> stop(World& w, const registry::Collection& rule) {
  return w.open(registry::Access::write).set_collection(rule);
}

intake::Enforced on_day(World& w, link::FileSet& set, std::string_view day) {
  registry::Registry r = w.open();
  auto out = intake::enforce_collection(*registry::collection_rules(r), set, day);
  REQUIRE(out);
  return *std::move(out);
}

}  // namespace

TEST_CASE("a stopped field leaves no byte of itself, and everybody is known as before") {
  for (const bool in_the_clear : {false, true}) {
    CAPTURE(in_the_clear);
    World w(in_the_clear ? shown() : hidden());
    REQUIRE(stop(w, {"middle", "", "2027-01-01", Collect::strip}));
    const auto rows = people(40, 3, false);
    link::FileSet first = w.submit(rows, "north");
    const auto needles = field_bytes(first, "middle");
    REQUIRE(needles.size() > 100);
    const auto receipt = w.assign(first);
    CHECK(receipt.ids_issued == 40);
    CHECK(found_in(w.bytes(), needles) == 0);
    CHECK(w.notices.records.at("middle") == 40);
    CHECK(w.notices.refused == "");
    if (in_the_clear) {
      CHECK(w.notices.notices.size() == 40);
      CHECK(w.notices.notices[0].record == first.record(0).key);
      CHECK(w.notices.notices[0].text ==
            "middle taken out: its collection is stopped; it was not stored");
    } else {  // one for the file: nobody but the owner knows whose middle name is known
      REQUIRE(w.notices.notices.size() == 1);
      CHECK_FALSE(w.notices.notices[0].record);
      CHECK(w.notices.notices[0].owner == "north");
    }
    CHECK(w.verified() == "");
    // Sent again, with a middle name or without: nothing new is stored, and no ID issued.
    const std::int64_t entries = w.count("SELECT count(*) FROM payload");
    link::FileSet again = w.submit(rows, "north");
    CHECK(ids_of(w.assign(again)) == ids_of(receipt));
    auto without = rows;
    for (auto& p : without) p.middle = "";
    link::FileSet bare = w.submit(without, "north");
    CHECK(ids_of(w.assign(bare)) == ids_of(receipt));
    CHECK(w.count("SELECT max(length(versions)) FROM payload") == 16);
    CHECK(w.count("SELECT count(*) FROM payload") == entries);
    // Other owners' records of the same people find them.
    link::FileSet other = w.submit(rows, "south");
    CHECK(w.assign(other).ids_issued == 0);
  }
}

TEST_CASE("entries without the field do not agree on it by chance, whoever sent them") {
  World w(hidden());
  auto rows = people(60, 3, false);
  for (auto& p : rows) p.sex = "F";
  link::FileSet north = w.submit(rows, "north");
  link::FileSet south = w.submit(rows, "south");
  const std::size_t sex = *w.schema.field("sex");
  north.strip(0, sex);
  south.strip(0, sex);
  const schema::Slot known = *schema::layout(w.schema, 0).find(sex, schema::Holds::known);
  const auto a = north.sources(0)->front().view;
  const auto b = south.sources(0)->front().view;
  std::size_t met = 0;
  std::size_t equal = 0;
  for (std::size_t i = 0; i < a.rows(); ++i)
    for (std::size_t j = 0; j < b.rows(); ++j) {
      if (a.tags[i] != b.tags[j]) continue;
      ++met;
      equal += std::equal(a.bits.data() + i * a.stride + known.offset,
                          a.bits.data() + i * a.stride + known.offset + known.bits / 8,
                          b.bits.data() + j * b.stride + known.offset)
                   ? 1
                   : 0;
    }
  CHECK(met >= 60);
  CHECK(equal == 0);
}

TEST_CASE("a stop is for its owner and ends on its day; what comes later is stored") {
  World w(shown());
  REQUIRE(stop(w, {"sex", "north", "2027-01-01", Collect::strip}));
  REQUIRE(stop(w, {"sex", "north", "2028-01-01", Collect::allow}));
  auto rows = people(10, 3, false);
  for (std::size_t i = 0; i < 4; ++i) rows[i].sex = "";
  link::FileSet north = w.submit(rows, "north");
  link::FileSet south = w.submit(rows, "south");
  CHECK(on_day(w, north, "2027-06-01").notices.size() == 6);  // those who have one
  CHECK(on_day(w, south, "2027-06-01").notices.empty());
  CHECK(w.assign(north, "2027-06-01").ids_issued == 10);
  link::FileSet later = w.submit(rows, "north");
  CHECK(w.assign(later, "2028-01-01").ids_issued == 0);
  CHECK(w.notices.notices.empty());
  CHECK(w.count("SELECT max(length(versions)) FROM payload") == 32);  // a second version
}

TEST_CASE("a refusal names the file, and the records of what files show") {
  World w(shown());
  REQUIRE(stop(w, {"sex", "", "2027-01-01", Collect::refuse}));
  auto rows = people(10, 3, false);
  for (std::size_t i = 0; i < 9; ++i) rows[i].sex = "";
  link::FileSet with = w.submit(rows, "north");
  const auto refused = on_day(w, with, "2027-06-01");
  CHECK(refused.refused == with.files()[0].path());
  CHECK(refused.because == "sex");
  CHECK_FALSE(refused.shown);
  REQUIRE(refused.notices.size() == 1);
  CHECK(refused.notices[0].text == "sex refused: its collection is stopped; nothing was stored");
  rows[9].sex = "";
  link::FileSet without = w.submit(rows, "north");
  CHECK(on_day(w, without, "2027-06-01").refused == "");
}

TEST_CASE("a registry takes no rule that it could not follow") {
  World w(hidden());
  CHECK(stop(w, {"dob", "", "2027-01-01", Collect::strip}).error().code == ErrorCode::conflict);
  CHECK(stop(w, {"dob", "", "2027-01-01", Collect::refuse}).error().code == ErrorCode::conflict);
  CHECK(stop(w, {"sex", "", "2027-01-01", Collect::refuse}).error().code == ErrorCode::conflict);
  CHECK(stop(w, {"shoe", "", "2027-01-01", Collect::strip}).error().code == ErrorCode::usage);
  CHECK(w.count("SELECT count(*) FROM collection") == 0);
  // Whatever was agreed: the end of a stop is always taken.
  CHECK(stop(w, {"sex", "", "2027-01-01", Collect::allow}));
}

TEST_CASE("a question of the locator is answered without the field") {
  World w(hidden());
  const auto rows = people(40, 3, false);
  link::FileSet first = w.submit(rows, "north");
  w.assign(first);
  REQUIRE(stop(w, {"middle", "", "2027-01-01", Collect::strip}));
  link::FileSet asked = w.submit({rows[4]}, "south");
  const auto needles = field_bytes(asked, "middle");
  CHECK_FALSE(on_day(w, asked, "2027-06-01").shown);
  // As one whose middle name nobody knows: less is known of it, so a person may have to look.
  auto unknown = rows[4];
  unknown.middle = "";
  link::FileSet without = w.submit({unknown}, "south");
  registry::Registry r = w.open();
  Silent silent;
  const auto found = intake::locate(r, asked, *w.matcher, silent);
  const auto plain = intake::locate(r, without, *w.matcher, silent);
  REQUIRE(found);
  REQUIRE(plain);
  CHECK(found->reply == plain->reply);
  CHECK(found->reply != intake::Reply::none);
  for (std::size_t p = 0; p < w.schema.passes.size(); ++p) {
    const auto view = asked.sources(p)->front().view;
    const std::string bits(reinterpret_cast<const char*>(view.bits.data()), view.bits.size());
    CHECK(found_in(bits, needles) == 0);
  }
}
