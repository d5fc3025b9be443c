// Weights counted a word at a time: a state's file holds a thousand million bytes of rows.
#include "engine/encoded/row_rule.h"

#include <bit>
#include <cstring>

#include <fmt/format.h>

namespace tessera::encoded {
namespace {

static_assert(std::endian::native == std::endian::little, "files are used in place, little-endian");

// Bits set. Hacker's Delight 5-1; std::popcount without -mpopcnt is a call of a table look-up.
std::uint32_t ones(std::uint64_t x) {
  x -= (x >> 1) & 0x5555555555555555ULL;
  x = (x & 0x3333333333333333ULL) + ((x >> 2) & 0x3333333333333333ULL);
  x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fULL;
  return static_cast<std::uint32_t>((x * 0x0101010101010101ULL) >> 56);
}

std::uint64_t word_at(const std::uint8_t* row, std::size_t word) {
  std::uint64_t out = 0;
  std::memcpy(&out, row + word * 8, 8);
  return out;
}

}  // namespace

RowRule::RowRule(const schema::Layout& layout) : outside_(layout.stride / 8, ~std::uint64_t{0}) {
  for (std::uint32_t s = 0; s < layout.slots.size(); ++s) {
    const schema::Slot& slot = layout.slots[s];
    weights_.push_back(slot.weight);
    for (std::uint32_t byte = slot.offset; byte < slot.offset + slot.bits / 8; ++byte) {
      const std::uint32_t word = byte / 8;
      if (pieces_.empty() || pieces_.back().slot != s || pieces_.back().word != word)
        pieces_.push_back({word, s, 0});
      const std::uint64_t mask = std::uint64_t{0xff} << (byte % 8 * 8);
      pieces_.back().mask |= mask;
      outside_[word] &= ~mask;
    }
  }
}

std::size_t RowRule::broken(const std::uint8_t* row) const {
  auto piece = pieces_.begin();
  for (std::size_t slot = 0; slot < weights_.size(); ++slot) {
    std::uint32_t weight = 0;
    for (; piece != pieces_.end() && piece->slot == slot; ++piece)
      weight += ones(word_at(row, piece->word) & piece->mask);
    if (weight != weights_[slot]) return slot;
  }
  for (std::size_t word = 0; word < outside_.size(); ++word)
    if ((word_at(row, word) & outside_[word]) != 0) return kPadding;
  return kFine;
}

std::string EntryRule::broken(std::uint16_t presence, const std::uint8_t* row) const {
  if (presence >> layout_.presence_bits != 0) return "a presence bit that the schema does not know";
  const std::size_t slot = row_.broken(row);
  if (slot == RowRule::kFine) return {};
  if (slot == RowRule::kPadding) return "bytes between slots are not zero";
  const schema::Slot& s = layout_.slots[slot];
  return fmt::format("slot {} (field {}) has a weight other than {} of {} bits", slot,
                     schema_.fields[s.field].name, s.weight, s.bits);
}

}  // namespace tessera::encoded
