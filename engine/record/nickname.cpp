// The table made from data/names/nickname_groups.csv at configure time, behind a small hash index.
#include "engine/record/nickname.h"

#include <array>
#include <cstdint>

namespace tessera::record {
namespace {

using Pair = std::pair<std::string_view, std::string_view>;
constexpr Pair kNicknames[] = {
#include "engine/record/nickname_groups.inc"
};
constexpr std::size_t kSize = sizeof(kNicknames) / sizeof(kNicknames[0]);

constexpr std::size_t kSlots = 4096;
static_assert(kSize * 3 < kSlots && kSize < UINT16_MAX, "make the index larger");

constexpr std::size_t slot_of(std::string_view name) {
  std::uint32_t h = 2166136261U;  // FNV-1a
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 16777619U;
  return (h ^ (h >> 15)) % kSlots;
}

// Open addressing; 0 is an empty slot, else the row plus one.
constexpr std::array<std::uint16_t, kSlots> make_index() {
  std::array<std::uint16_t, kSlots> index{};
  for (std::size_t row = 0; row < kSize; ++row) {
    std::size_t slot = slot_of(kNicknames[row].first);
    while (index[slot] != 0) slot = (slot + 1) % kSlots;
    index[slot] = static_cast<std::uint16_t>(row + 1);
  }
  return index;
}
constexpr std::array<std::uint16_t, kSlots> kIndex = make_index();

}  // namespace

std::string_view nickname_group(std::string_view part) {
  for (std::size_t slot = slot_of(part); kIndex[slot] != 0; slot = (slot + 1) % kSlots) {
    const Pair& row = kNicknames[kIndex[slot] - 1];
    if (row.first == part) return row.second;
  }
  return part;
}

std::span<const Pair> nickname_table() { return kNicknames; }

}  // namespace tessera::record
