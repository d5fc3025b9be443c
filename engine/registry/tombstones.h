// Which stored entries were dropped but still lie in their slabs, until the next merge.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "engine/encoded/format.h"

namespace tessera::registry {

// A handle dropped in batch b hides entries stored before b, and not those stored in b or later:
// an owner may go back to an older payload and so bring the same handles again.
class Tombstones {
 public:
  struct Stone {
    encoded::Handle handle = 0;
    std::int64_t batch = 0;
    auto operator<=>(const Stone&) const = default;
  };

  Tombstones() = default;
  explicit Tombstones(std::vector<Stone> stones) : stones_(std::move(stones)) {
    std::sort(stones_.begin(), stones_.end());
    std::size_t bits = 64;
    while (bits < stones_.size() * 16) bits *= 2;
    shift_ = 64;
    for (std::size_t b = bits; b > 1; b /= 2) --shift_;
    maybe_.assign(stones_.empty() ? 0 : bits, false);
    for (const Stone& s : stones_) maybe_[slot(s.handle)] = true;
  }
  bool empty() const { return stones_.empty(); }
  std::size_t size() const { return stones_.size(); }
  // Is an entry that was stored in `batch` dropped?
  bool hides(encoded::Handle handle, std::int64_t batch) const {
    if (stones_.empty() || !maybe_[slot(handle)]) return false;  // a filter: most lookups end here
    const auto after = std::upper_bound(stones_.begin(), stones_.end(), Stone{handle, batch});
    return after != stones_.end() && after->handle == handle;
  }

 private:
  std::size_t slot(encoded::Handle handle) const {
    return static_cast<std::size_t>((handle * 0x9e3779b97f4a7c15ULL) >> shift_);
  }
  std::vector<Stone> stones_;
  std::vector<bool> maybe_;
  int shift_ = 64;
};

}  // namespace tessera::registry
