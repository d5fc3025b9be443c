// The right side of many pairs: entries laid out once, then compared with one left entry after
// another.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/link/tile.h"

namespace tessera::link {

// Few entries are compared one by one, many in tiles; the patterns are the same. One per thread.
class RightSide {
 public:
  static constexpr std::size_t kFew = 6;  // fewer do not pay for being turned (bench_link_join)

  RightSide(const Comparator& comparator, const TilePlan& plan, const TileKernel& kernel)
      : comparator_(comparator), plan_(plan), kernel_(kernel) {}
  // `entries` must stay readable until the next call.
  void set(std::span<const block::Entry> entries);
  // Patterns of `left` with entries[from], entries[from + 1] ...; good until the next call.
  std::span<const std::uint32_t> against(const block::Entry& left, std::size_t from);

 private:
  const Comparator& comparator_;
  const TilePlan& plan_;
  const TileKernel& kernel_;
  std::span<const block::Entry> entries_;
  std::vector<std::uint16_t> tiles_;
  std::vector<std::uint32_t> patterns_;
};

}  // namespace tessera::link
