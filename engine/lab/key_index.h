// Numbers for 16-byte keys: record keys, and digests of what must not be kept as text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace tessera::lab {

using Key16 = std::array<std::uint8_t, 16>;

// Open addressing over a plain list of keys: about 25 bytes a key, which is what lets a whole
// state's records stand in memory. Not thread safe while keys are added.
class KeyIndex {
 public:
  struct Added {
    std::uint32_t number;  // of the key, in order of first arrival
    bool fresh;
  };
  // REQUIRES: fewer than 2^32 - 1 keys.
  Added add(const Key16& key);
  std::optional<std::uint32_t> find(const Key16& key) const;
  std::size_t size() const { return keys_.size(); }
  const Key16& key(std::uint32_t number) const { return keys_[number]; }

 private:
  std::size_t slot_of(const Key16& key) const;  // where it is, or the free slot where it belongs
  void grow();
  static constexpr std::uint32_t kFree = 0xffffffff;
  std::vector<Key16> keys_;
  std::vector<std::uint32_t> slots_;  // a power of two, at most three quarters taken
};

}  // namespace tessera::lab
