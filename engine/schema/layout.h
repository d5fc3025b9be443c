// Where each compared value of an entry lies: the row of bits that a pass carries, slot by slot.
// Derived from the schema alone, so owner and linkage unit compute the same.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/schema/schema.h"

namespace tessera::schema {

// What a slot holds. Every slot has an exact weight (bits set), whatever the value.
//   filter   keyed Bloom filter of n-grams: similar values share bits
//   code     16 bits, 8 set: equal values have equal codes, others agree with chance 1/12870
enum class Holds : std::uint8_t {
  filter,  // given_name, surname, middle_name (the whole), number
  part1,
  part2,    // codes: first and second part of a name (given names: nickname group of the part)
  initial,  // code: first letter of a middle name
  decade,
  unit,
  month,
  day_tens,
  day_units,
  month_day,  // codes: of a date; month_day order-free
  value,      // code: of a category
  known       // code: what all who know the value have in common, in place of a presence bit
};

inline constexpr std::uint32_t kCodeBits = 16;
inline constexpr std::uint32_t kCodeWeight = 8;

struct Slot {
  std::size_t field = 0;
  Holds holds = Holds::filter;
  std::uint32_t offset = 0;  // first byte in the row
  std::uint32_t bits = 0;    // multiple of 8
  std::uint32_t weight = 0;  // bits set, exactly
  // What says that the value is known: this bit of the entry's presence word, or, where presence is
  // hidden, the code at byte `known` of the row, which entries of one block that know it share.
  std::uint32_t presence = kHiddenPresence;
  std::uint32_t known = 0;
  bool hidden() const { return presence == kHiddenPresence; }

  static constexpr std::uint32_t kHiddenPresence = 0xffffffff;
};

// The row of one pass. Names: 1 presence bit. Middle names: initial, whole. Dates: year, month and
// day. Categories and numbers: 1. A field of hidden presence has as many codes after its values
// instead. Bit b of a slot is byte offset + b/8, bit b%8 (little-endian).
struct Layout {
  std::vector<Slot> slots;
  std::uint32_t stride = 0;         // bytes of a row, a multiple of 8; padding bytes are zero
  std::uint32_t presence_bits = 0;  // at most 16
  // The slot of a field, or nullptr where the pass does not compare it.
  const Slot* find(std::size_t field, Holds holds) const;
};

// REQUIRES: pass < schema.passes.size(), schema from from_json.
Layout layout(const Schema& schema, std::size_t pass);

}  // namespace tessera::schema
