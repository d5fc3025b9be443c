#include "engine/schema/layout.h"

#include <bit>
#include <set>

#include <doctest/doctest.h>

#include "engine/schema/variants.h"

using namespace tessera;
using schema::Holds;

TEST_CASE("the row of the default schema, slot by slot") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const schema::Layout l = schema::layout(*s, 0);
  struct Row {
    std::string_view field;
    Holds holds;
    std::uint32_t offset, bits, weight, presence;
  };
  const Row rows[] = {
      {"first", Holds::filter, 0, 256, 96, 0},  {"first", Holds::part1, 32, 16, 8, 0},
      {"first", Holds::part2, 34, 16, 8, 0},    {"middle", Holds::initial, 36, 16, 8, 1},
      {"middle", Holds::filter, 38, 64, 24, 2}, {"last", Holds::filter, 46, 256, 96, 3},
      {"last", Holds::part1, 78, 16, 8, 3},     {"last", Holds::part2, 80, 16, 8, 3},
      {"dob", Holds::decade, 82, 16, 8, 4},     {"dob", Holds::unit, 84, 16, 8, 4},
      {"dob", Holds::month, 86, 16, 8, 5},      {"dob", Holds::day_tens, 88, 16, 8, 5},
      {"dob", Holds::day_units, 90, 16, 8, 5},  {"dob", Holds::month_day, 92, 16, 8, 5},
      {"sex", Holds::value, 94, 16, 8, 6}};
  REQUIRE(l.slots.size() == std::size(rows));
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    CAPTURE(i);
    const schema::Slot& slot = l.slots[i];
    CHECK(s->fields[slot.field].name == rows[i].field);
    CHECK(slot.holds == rows[i].holds);
    CHECK(slot.offset == rows[i].offset);
    CHECK(slot.bits == rows[i].bits);
    CHECK(slot.weight == rows[i].weight);
    CHECK(slot.presence == rows[i].presence);
  }
  CHECK(l.stride == 96);
  CHECK(l.presence_bits == 7);
  CHECK(l.find(0, Holds::part2) == &l.slots[2]);
  CHECK(l.find(0, Holds::decade) == nullptr);
}

TEST_CASE("slots of every shipped schema follow each other without gaps; rows are whole words") {
  for (const schema::Shipped& shipped : schema::shipped()) {
    const auto plain = schema::load(std::string(shipped.name));
    REQUIRE(plain);
    const auto with_ssn = schema::with_ssn(*plain);
    const auto with_number = schema::with_number(*plain, 9);
    REQUIRE(with_ssn);
    REQUIRE(with_number);
    for (const schema::Schema* s : {&*plain, &*with_ssn, &*with_number})
      for (std::size_t p = 0; p < s->passes.size(); ++p) {
        const schema::Layout l = schema::layout(*s, p);
        std::uint32_t at = 0;
        std::set<std::uint32_t> presence;
        for (const schema::Slot& slot : l.slots) {
          CHECK(slot.offset == at);
          CHECK(slot.bits % 8 == 0);
          CHECK(slot.weight > 0);
          CHECK(slot.weight * 4 <= slot.bits * 3);
          CHECK(s->fields[slot.field].kind != schema::Kind::ssn);
          presence.insert(slot.presence);
          at += slot.bits / 8;
        }
        CHECK(l.stride == (at + 7) / 8 * 8);
        CHECK(presence.size() == l.presence_bits);
        CHECK(*presence.rbegin() == l.presence_bits - 1);
        CHECK(l.presence_bits <= 16);
      }
  }
}

TEST_CASE("a pass carries the fields it compares and no other") {
  const auto s = schema::load("default");
  REQUIRE(s);
  schema::Schema reduced = *s;
  reduced.passes[1].compare = {3};  // dob
  const schema::Layout l = schema::layout(reduced, 1);
  CHECK(l.slots.size() == 6);
  CHECK(l.stride == 16);  // twelve bytes of codes, four of padding
  CHECK(l.presence_bits == 2);
}
