// The local IDs seen so far: a flat hash table, as a roster may have millions.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/core/digest.h"

namespace tessera::record {

// Holds views, whose text must outlive the set. At most 2^32 - 2 IDs. Not thread safe.
class IdSet {
 public:
  bool contains(std::string_view id) const {
    return !slots_.empty() && slots_[find(id, hash64(as_bytes(id)))].index != 0;
  }
  // REQUIRES: the ID is not in the set.
  void insert(std::string_view id) {
    if (ids_.size() * 2 >= slots_.size()) grow();
    ids_.push_back(id);
    place(static_cast<std::uint32_t>(ids_.size()));
  }

 private:
  struct Slot {
    std::uint32_t index = 0;  // into ids_, from 1; 0: empty
    std::uint32_t hash = 0;   // the upper half, so that most others are told apart without a look
  };

  // The slot of the ID, or the empty one where it would go.
  std::size_t find(std::string_view id, std::uint64_t hash) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = hash & mask;
    while (slots_[at].index != 0 && (slots_[at].hash != static_cast<std::uint32_t>(hash >> 32) ||
                                     ids_[slots_[at].index - 1] != id))
      at = (at + 1) & mask;
    return at;
  }
  void place(std::uint32_t index) {
    const std::string_view id = ids_[index - 1];
    const std::uint64_t hash = hash64(as_bytes(id));
    slots_[find(id, hash)] = {index, static_cast<std::uint32_t>(hash >> 32)};
  }
  void grow() {
    slots_.assign(slots_.empty() ? 1024 : slots_.size() * 4, Slot{});
    for (std::uint32_t i = 1; i <= ids_.size(); ++i) place(i);
  }

  std::vector<std::string_view> ids_;
  std::vector<Slot> slots_;  // a power of two of them, at most half full
};

}  // namespace tessera::record
