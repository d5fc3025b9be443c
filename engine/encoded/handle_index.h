// Finds a handle among sorted handles: a table over the top bits, then a search of a few.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "engine/encoded/format.h"

namespace tessera::encoded {

// Handles are random, so a bucket holds about four; handles chosen to share a bucket cost a
// binary search and nothing worse. Thread safe once built.
class HandleIndex {
 public:
  static constexpr std::size_t kNone = SIZE_MAX;

  HandleIndex() = default;
  // REQUIRES: `sorted` by handle, fewer than 2^32, and alive as long as the index.
  explicit HandleIndex(std::span<const JoinHandle> sorted) : sorted_(sorted) {
    const int bits = std::max(1, static_cast<int>(std::bit_width(sorted.size() / 4)));
    shift_ = 64 - bits;
    starts_.resize((std::size_t{1} << bits) + 1);
    std::size_t bucket = 0;
    for (std::size_t i = 0; i < sorted.size(); ++i)
      for (const std::size_t b = sorted[i].handle >> shift_; bucket <= b; ++bucket)
        starts_[bucket] = static_cast<std::uint32_t>(i);
    for (; bucket < starts_.size(); ++bucket)
      starts_[bucket] = static_cast<std::uint32_t>(sorted.size());
  }

  // Position among the sorted handles, or kNone.
  std::size_t find(Handle handle) const {
    if (starts_.empty()) return kNone;
    const std::size_t bucket = handle >> shift_;
    const auto begin = sorted_.begin() + starts_[bucket];
    const auto end = sorted_.begin() + starts_[bucket + 1];
    const auto it = std::lower_bound(
        begin, end, handle, [](const JoinHandle& j, Handle wanted) { return j.handle < wanted; });
    if (it == end || it->handle != handle) return kNone;
    return static_cast<std::size_t>(it - sorted_.begin());
  }

 private:
  std::span<const JoinHandle> sorted_;
  int shift_ = 63;
  std::vector<std::uint32_t> starts_;  // of each bucket; one more for the end of the last
};

}  // namespace tessera::encoded
