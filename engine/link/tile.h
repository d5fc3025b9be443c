// One entry against 32 others at once: the others lie turned, so that number r of every row stands
// side by side, and a level is worked out for all of them by the same few instructions.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "engine/link/levels.h"

namespace tessera::link {

inline constexpr std::size_t kTileLanes = 32;

// A field as a kernel reads it: FieldPlan in 16 bits, its factor in two halves.
struct TileField {
  schema::Kind kind = schema::Kind::given_name;
  std::uint32_t filter = 0, words = 0, codes = 0;  // bytes, 64-bit words, bytes
  std::uint16_t weight = 0, close = 0, similar = 0, near = 0;
  std::uint16_t known = 0, also_known = 0;
  std::uint32_t known_code = 0, also_known_code = 0;  // bytes, where the masks are 0
  std::uint16_t low = 0, high = 0;  // a pattern is (sum of level * low) + base * (of level * high)
};

struct TilePlan {
  std::vector<TileField> fields;
  std::uint32_t rows = 0;  // 16-bit numbers of an entry's row of bits
  std::uint32_t base = 0;  // 0: all of a pattern is in the low half
  std::uint16_t ssn_low = 0, ssn_high = 0;
  int given = -1, surname = -1;  // places in `fields` of the names that may be swapped
  bool usable = true;            // false: patterns too many for two halves of 16 bits

  static TilePlan of(const Comparator& comparator);
  // 16-bit numbers in a tile: the rows, then presence, then tokens, 32 lanes each.
  std::size_t tile_size() const { return (rows + 2) * kTileLanes; }
};

// Writes the tiles of `entries`, ceil(size / 32) * tile_size() numbers; lanes past the last are 0.
void turn(const TilePlan& plan, std::span<const block::Entry> entries, std::uint16_t* tiles);

// All kernels give for each lane what Comparator::compare gives for that pair.
struct TileKernel {
  std::string_view name;
  bool (*usable)();  // on the processor we run on
  // Writes kTileLanes patterns. REQUIRES: plan.usable.
  void (*compare)(const TilePlan& plan, const block::Entry& a, const std::uint16_t* tile,
                  std::uint32_t* patterns);
};

std::span<const TileKernel> tile_kernels();  // best first; the portable one last
const TileKernel& best_tile_kernel();        // the first usable one

}  // namespace tessera::link
