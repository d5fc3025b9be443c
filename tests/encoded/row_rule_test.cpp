// Row rules against a loop over single bits.
#include "engine/encoded/row_rule.h"

#include <doctest/doctest.h>

#include "engine/core/random.h"
#include "tests/encoded/sample.h"

using namespace tessera;
using encoded::RowRule;

namespace {

bool bit(const std::uint8_t* row, std::size_t b) { return (row[b / 8] >> (b % 8) & 1) != 0; }

std::size_t plain_broken(const schema::Layout& layout, const std::uint8_t* row) {
  std::vector<bool> inside(layout.stride * 8);
  for (std::size_t s = 0; s < layout.slots.size(); ++s) {
    std::uint32_t weight = 0;
    for (std::uint32_t b = 0; b < layout.slots[s].bits; ++b) {
      inside[layout.slots[s].offset * 8 + b] = true;
      weight += bit(row, layout.slots[s].offset * 8 + b) ? 1 : 0;
    }
    if (weight != layout.slots[s].weight) return s;
  }
  for (std::size_t b = 0; b < inside.size(); ++b)
    if (!inside[b] && bit(row, b)) return RowRule::kPadding;
  return RowRule::kFine;
}

}  // namespace

TEST_CASE(
    "the word-wise rule and the plain one agree on good rows and every flip of one or two bits") {
  for (const std::string_view text : {samples::kSmallSchema, samples::kWideSchema}) {
    const reference::Content content = samples::make(text, 2, 6);
    for (std::size_t p = 0; p < content.passes.size(); ++p) {
      const schema::Layout layout = schema::layout(content.header.schema, p);
      const RowRule rule(layout);
      std::vector<std::uint64_t> words(layout.stride / 8);
      auto* row = reinterpret_cast<std::uint8_t*>(words.data());
      std::memcpy(row, content.passes[p].bits.data(), layout.stride);
      CHECK(rule.broken(row) == RowRule::kFine);
      Splitmix random(p);
      auto flip = [&](std::size_t b) {
        row[b / 8] = static_cast<std::uint8_t>(row[b / 8] ^ (1U << (b % 8)));
      };
      for (std::size_t a = 0; a < layout.stride * 8; ++a) {
        flip(a);
        if (rule.broken(row) != plain_broken(layout, row)) FAIL("bit " << a);
        CHECK(rule.broken(row) != RowRule::kFine);
        const std::size_t b = random.below(layout.stride * 8);
        flip(b);
        if (rule.broken(row) != plain_broken(layout, row)) FAIL("bits " << a << ", " << b);
        flip(b);
        flip(a);
      }
    }
  }
}

TEST_CASE("slots anywhere: odd offsets, across words") {
  Splitmix random(12);
  for (int turn = 0; turn < 300; ++turn) {
    schema::Layout layout;
    std::uint32_t at = 0;
    while (at < 40) {
      at += static_cast<std::uint32_t>(random.below(3));
      schema::Slot slot;
      slot.offset = at;
      slot.bits = 8 * static_cast<std::uint32_t>(1 + random.below(20));
      at += slot.bits / 8;
      layout.slots.push_back(slot);
    }
    layout.stride = (at + 7) / 8 * 8;
    std::vector<std::uint64_t> words(layout.stride / 8);
    auto* row = reinterpret_cast<std::uint8_t*>(words.data());
    for (schema::Slot& slot : layout.slots) {
      for (std::uint32_t b = 0; b < slot.bits / 8; ++b)
        row[slot.offset + b] = static_cast<std::uint8_t>(random.next());
      for (std::uint32_t b = 0; b < slot.bits; ++b)
        slot.weight += bit(row, slot.offset * 8 + b) ? 1 : 0;
    }
    const RowRule rule(layout);
    CHECK(rule.broken(row) == RowRule::kFine);
    for (int flips = 0; flips < 50; ++flips) {
      const std::size_t b = random.below(layout.stride * 8);
      row[b / 8] = static_cast<std::uint8_t>(row[b / 8] ^ (1U << (b % 8)));
      if (rule.broken(row) != plain_broken(layout, row)) FAIL("turn " << turn << " bit " << b);
    }
  }
}
