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
  constexpr std::uint32_t kHidden = schema::Slot::kHiddenPresence;
  struct Row {
    std::string_view field;
    Holds holds;
    std::uint32_t offset, bits, weight, presence, known;
  };
  const Row rows[] = {{"first", Holds::filter, 0, 256, 96, 0, 0},
                      {"first", Holds::part1, 32, 16, 8, 0, 0},
                      {"first", Holds::part2, 34, 16, 8, 0, 0},
                      {"middle", Holds::initial, 36, 16, 8, kHidden, 46},
                      {"middle", Holds::filter, 38, 64, 24, kHidden, 48},
                      {"middle", Holds::known, 46, 16, 8, kHidden, 46},
                      {"middle", Holds::known, 48, 16, 8, kHidden, 48},
                      {"last", Holds::filter, 50, 256, 96, 1, 0},
                      {"last", Holds::part1, 82, 16, 8, 1, 0},
                      {"last", Holds::part2, 84, 16, 8, 1, 0},
                      {"dob", Holds::decade, 86, 16, 8, 2, 0},
                      {"dob", Holds::unit, 88, 16, 8, 2, 0},
                      {"dob", Holds::month, 90, 16, 8, 3, 0},
                      {"dob", Holds::day_tens, 92, 16, 8, 3, 0},
                      {"dob", Holds::day_units, 94, 16, 8, 3, 0},
                      {"dob", Holds::month_day, 96, 16, 8, 3, 0},
                      {"sex", Holds::value, 98, 16, 8, kHidden, 100},
                      {"sex", Holds::known, 100, 16, 8, kHidden, 100}};
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
    CHECK(slot.known == rows[i].known);
  }
  CHECK(l.stride == 104);
  CHECK(l.presence_bits == 4);
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
          if (slot.hidden())
            CHECK(slot.known > 0);
          else
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
