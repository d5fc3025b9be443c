#include "tests/link/rows.h"

#include <algorithm>

namespace tessera::test {
namespace {

using schema::Holds;
using schema::Slot;

bool get(const std::uint8_t* at, std::uint32_t bit) {
  return ((at[bit / 8] >> (bit % 8)) & 1) != 0;
}
void flip(std::uint8_t* at, std::uint32_t bit) {
  at[bit / 8] = static_cast<std::uint8_t>(at[bit / 8] ^ (1U << (bit % 8)));
}
std::uint32_t bit_that_is(const std::uint8_t* at, std::uint32_t bits, bool set, Splitmix& random) {
  for (;;) {
    const auto bit = static_cast<std::uint32_t>(random.below(bits));
    if (get(at, bit) == set) return bit;
  }
}

void draw(const Slot& slot, std::uint8_t* at, Splitmix& random) {
  std::fill_n(at, slot.bits / 8, std::uint8_t{0});
  if (slot.holds != Holds::filter) {  // one of eight words: equal often enough
    constexpr std::uint16_t kWords[] = {0x00ff, 0x0ff0, 0x5555, 0xff00,
                                        0xf00f, 0xaaaa, 0x3333, 0xcccc};
    const std::uint16_t word = kWords[random.below(8)];
    at[0] = static_cast<std::uint8_t>(word);
    at[1] = static_cast<std::uint8_t>(word >> 8);
    return;
  }
  for (std::uint32_t n = 0; n < slot.weight; ++n)
    flip(at, bit_that_is(at, slot.bits, false, random));
}

// Moves `n` of the filter's bits elsewhere.
void move_bits(const Slot& slot, std::uint8_t* at, std::uint64_t n, Splitmix& random) {
  for (; n > 0; --n) {
    const std::uint32_t from = bit_that_is(at, slot.bits, true, random);
    const std::uint32_t to = bit_that_is(at, slot.bits, false, random);
    flip(at, from);
    flip(at, to);
  }
}

}  // namespace

Rows::Rows(const schema::Schema& schema, std::size_t pass, std::size_t count, std::uint64_t seed) {
  Splitmix random(seed);
  const schema::Layout layout = schema::layout(schema, pass);
  bits_.resize(count * layout.stride);
  const Slot* given = nullptr;
  const Slot* surname = nullptr;
  for (const Slot& s : layout.slots) {
    if (s.holds != Holds::filter) continue;
    if (schema.fields[s.field].kind == schema::Kind::given_name) given = &s;
    if (schema.fields[s.field].kind == schema::Kind::surname) surname = &s;
  }
  for (std::size_t i = 0; i < count; ++i) {
    std::uint8_t* row = bits_.data() + i * layout.stride;
    const bool relative = i > 0 && random.chance(0.7);
    if (relative) std::copy_n(row - layout.stride, layout.stride, row);
    for (const Slot& slot : layout.slots) {
      std::uint8_t* at = row + slot.offset;
      const double anew = slot.holds == Holds::filter ? 0.3 : 0.5;
      if (!relative || random.chance(anew))
        draw(slot, at, random);
      else if (slot.holds == Holds::filter && random.chance(0.5))
        move_bits(slot, at, random.below(slot.weight / 2), random);
    }
    if (relative && given != nullptr && surname != nullptr && random.chance(0.3))
      std::swap_ranges(row + given->offset, row + given->offset + given->bits / 8,
                       row + surname->offset);
    const auto presence = static_cast<std::uint16_t>(random.chance(0.6) ? 0xffff : random.next());
    entries_.push_back({static_cast<std::uint32_t>(i), presence,
                        static_cast<std::uint16_t>(random.below(3)), row});
  }
}

}  // namespace tessera::test
