#include "engine/encode/row_plan.h"

#include <doctest/doctest.h>

#include "engine/core/random.h"
#include "tests/reference/people.h"

using namespace tessera;
using encode::RowPlan;
using encode::RowPlanner;
using reference::Person;

namespace {

void check_equal(const RowPlan& a, const RowPlan& b) {
  CHECK(a.blocks == b.blocks);
  CHECK(a.ssn_block == b.ssn_block);
  CHECK(a.presence == b.presence);
  REQUIRE(a.slots.size() == b.slots.size());
  for (std::size_t i = 0; i < a.slots.size(); ++i) {
    CHECK(a.slots[i].first == b.slots[i].first);
    CHECK(a.slots[i].tokens == b.slots[i].tokens);
    CHECK(a.slots[i].rounds == b.slots[i].rounds);
  }
}

}  // namespace

TEST_CASE("a planner that has planned others plans as a new one does") {
  Splitmix random(12);
  for (const char* name : {"default", "high-recall", "high-privacy"}) {
    const schema::Schema s = *schema::load(name);
    const schema::Layout l = schema::layout(s, 0);
    RowPlanner used(s, l);
    RowPlan kept;
    for (int i = 0; i < 300; ++i) {
      Person p = reference::draw_person(random, "x");
      if (i % 3 == 0) p.former = "OKAFOR SMITH";
      for (std::string* value : {&p.first, &p.last, &p.middle, &p.dob})
        if (random.below(8) == 0) value->clear();
      const record::Fields f = reference::fields_of(s, p);
      const encode::NameChoice shows{0, static_cast<std::uint8_t>(i % 2)};
      const std::string noise = "noise" + std::to_string(i);
      kept = used.row(f, shows, noise, i % 4 == 0 ? "an ssn" : "", std::move(kept));
      check_equal(kept, RowPlanner(s, l).row(f, shows, noise, i % 4 == 0 ? "an ssn" : ""));
      RowPlanner fresh(s, l);
      check_equal(used.dummy(kept.presence, noise), fresh.dummy(kept.presence, noise));
    }
  }
}

TEST_CASE("the presence word says what is known") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const schema::Layout l = schema::layout(*s, 0);
  auto presence = [&](const Person& p) {
    return encode::RowPlanner(*s, l).row(reference::fields_of(*s, p), {}, "n", "").presence;
  };
  CHECK(presence({"", "A", "", "", "", "", "", ""}) == 0b0001);
  CHECK(presence({"", "", "", "B", "", "", "", ""}) == 0b0010);
  CHECK(presence({"", "", "", "", "2010", "", "", ""}) == 0b0100);
  CHECK(presence({"", "", "", "", "2010-03-07", "", "", ""}) == 0b1100);
  record::Fields doubted = reference::fields_of(*s, {"", "", "", "", "2010-01-01", "", "", ""});
  doubted.values[*s->field("dob")].date.doubted = true;
  CHECK(encode::RowPlanner(*s, l).row(doubted, {}, "n", "").presence == 0b0100);
  // Middle name and sex are hidden: no bit says whether they are known.
  CHECK(presence({"", "", "ROSE", "", "", "", "", ""}) == 0);
  CHECK(presence({"", "", "", "", "", "F", "", ""}) == 0);
}

TEST_CASE("where nothing is hidden, every value has its bit") {
  const auto s = schema::load("high-recall");
  REQUIRE(s);
  const schema::Layout l = schema::layout(*s, 0);
  auto presence = [&](const Person& p) {
    return encode::RowPlanner(*s, l).row(reference::fields_of(*s, p), {}, "n", "").presence;
  };
  CHECK(presence({"", "A", "", "", "", "", "", ""}) == 0b0000001);
  CHECK(presence({"", "", "R", "", "", "", "", ""}) == 0b0000010);
  CHECK(presence({"", "", "ROSE", "", "", "", "", ""}) == 0b0000110);
  CHECK(presence({"", "", "", "B", "", "", "", ""}) == 0b0001000);
  CHECK(presence({"", "", "", "", "2010", "", "", ""}) == 0b0010000);
  CHECK(presence({"", "", "", "", "2010-03-07", "", "", ""}) == 0b0110000);
  CHECK(presence({"", "", "", "", "", "F", "", ""}) == 0b1000000);
}
