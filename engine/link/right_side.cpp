// Entries turned into tiles where there are enough of them.
#include "engine/link/right_side.h"

namespace tessera::link {

void RightSide::set(std::span<const block::Entry> entries) {
  entries_ = entries;
  const std::size_t tiles = (entries.size() + kTileLanes - 1) / kTileLanes;
  if (patterns_.size() < tiles * kTileLanes) patterns_.resize(tiles * kTileLanes);
  if (entries.size() < kFew || !plan_.usable) return;
  if (tiles_.size() < tiles * plan_.tile_size()) tiles_.resize(tiles * plan_.tile_size());
  turn(plan_, entries, tiles_.data());
}

std::span<const std::uint32_t> RightSide::against(const block::Entry& left, std::size_t from) {
  const std::size_t n = entries_.size();
  if (n < kFew || !plan_.usable) {
    for (std::size_t i = from; i < n; ++i) patterns_[i] = comparator_.compare(left, entries_[i]);
  } else {
    for (std::size_t tile = from / kTileLanes; tile * kTileLanes < n; ++tile)
      kernel_.compare(plan_, left, tiles_.data() + tile * plan_.tile_size(),
                      patterns_.data() + tile * kTileLanes);
  }
  return std::span<const std::uint32_t>(patterns_).first(n).subspan(from);
}

}  // namespace tessera::link
