#include "engine/encoded/blanked.h"

#include <algorithm>
#include <cstring>
#include <set>

#include <doctest/doctest.h>

#include "engine/encoded/row_rule.h"
#include "tests/encoded/sample.h"

using namespace tessera;
using encoded::Blanked;

namespace {

struct Entry {
  std::uint16_t presence = 0;
  std::vector<std::uint64_t> words;
  std::uint8_t* row() { return reinterpret_cast<std::uint8_t*>(words.data()); }
};

Entry entry_of(const encoded::PassColumns& pass, std::size_t i) {
  Entry out{pass.presence[i], std::vector<std::uint64_t>(pass.stride / 8)};
  std::memcpy(out.row(), pass.bits.data() + i * pass.stride, pass.stride);
  return out;
}

}  // namespace

TEST_CASE("a blanked entry is valid, shows nothing of its field, and is else what it was") {
  for (const std::string_view text : {samples::kSmallSchema, samples::kWideSchema}) {
    const reference::Content content = samples::make(text, 3, 8);
    const schema::Schema& s = content.header.schema;
    for (std::size_t p = 0; p < s.passes.size(); ++p)
      for (const std::size_t field : s.passes[p].compare) {
        const encoded::PassColumns& pass = content.passes[p];
        const schema::Layout layout = schema::layout(s, p);
        const encoded::EntryRule rule(layout, s);
        const Blanked blanked(s, p, {field});
        REQUIRE_FALSE(blanked.nothing());
        for (std::size_t i = 0; i < pass.tags.size(); ++i) {
          Entry e = entry_of(pass, i);
          const Entry before = e;
          // The same entry with another value of the field.
          Entry other = e;
          for (const schema::Slot& slot : layout.slots)
            if (slot.field == field)
              std::reverse(other.row() + slot.offset, other.row() + slot.offset + slot.bits / 8);
          const encoded::RecordKey key{static_cast<std::uint8_t>(i)};
          blanked.blank(content.header, key, pass.tags[i], e.presence, e.row());
          blanked.blank(content.header, key, pass.tags[i], other.presence, other.row());
          CHECK(e.words == other.words);
          CHECK(e.presence == other.presence);
          CHECK(rule.broken(e.presence, e.row()) == "");
          for (const schema::Slot& slot : layout.slots) {
            const bool same =
                std::memcmp(
                    e.row() + slot.offset,
                    reinterpret_cast<const std::uint8_t*>(before.words.data()) + slot.offset,
                    slot.bits / 8) == 0;
            if (slot.field != field) CHECK(same);
            if (slot.hidden()) continue;
            const std::uint32_t bit = 1U << slot.presence;
            CHECK((e.presence & bit) == (slot.field == field ? 0 : before.presence & bit));
          }
        }
      }
  }
}

TEST_CASE("noise is a record's own, in each pass and under each tag, and stays the same") {
  const reference::Content content = samples::make(samples::kSmallSchema, 2, 6);
  const schema::Schema& s = content.header.schema;
  const encoded::PassColumns& pass = content.passes[0];
  const Blanked blanked(s, 0, s.passes[0].compare);
  std::set<std::vector<std::uint64_t>> seen;
  const auto blank = [&](const encoded::Header& of, std::uint8_t key, std::uint8_t tag) {
    Entry e = entry_of(pass, 0);
    blanked.blank(of, {key}, {tag}, e.presence, e.row());
    return e.words;
  };
  for (std::uint8_t key = 0; key < 20; ++key)
    for (std::uint8_t tag = 0; tag < 20; ++tag) seen.insert(blank(content.header, key, tag));
  encoded::Header staff = content.header;
  staff.population = encoded::Population::staff;
  encoded::Header other = content.header;
  other.owner = "elsewhere";
  seen.insert(blank(staff, 1, 1));
  seen.insert(blank(other, 1, 1));
  CHECK(seen.size() == 402);
  CHECK(seen.contains(blank(content.header, 1, 1)));
}

TEST_CASE("every bit of a slot is set as often as any other") {
  const schema::Schema s = *schema::load("default");
  const Blanked blanked(s, 0, {*s.field("middle"), *s.field("sex")});
  const schema::Layout layout = schema::layout(s, 0);
  std::vector<std::uint32_t> set(layout.stride * 8);
  std::vector<std::uint8_t> row(layout.stride);
  std::uint16_t presence = 0;
  const encoded::Header header;
  constexpr std::uint32_t kDraws = 4000;
  for (std::uint32_t i = 0; i < kDraws; ++i) {
    encoded::RecordKey key{};
    store_le(key.data(), i);
    blanked.blank(header, key, {}, presence, row.data());
    for (std::size_t b = 0; b < set.size(); ++b) set[b] += row[b / 8] >> (b % 8) & 1;
  }
  for (const schema::Slot& slot : layout.slots) {
    const std::string& name = s.fields[slot.field].name;
    for (std::uint32_t b = slot.offset * 8; b < slot.offset * 8 + slot.bits; ++b) {
      if (name != "middle" && name != "sex") {
        CHECK(set[b] == 0);
        continue;
      }
      const double share = static_cast<double>(set[b]) / kDraws;
      CHECK(share > static_cast<double>(slot.weight) / slot.bits - 0.05);
      CHECK(share < static_cast<double>(slot.weight) / slot.bits + 0.05);
    }
  }
}
