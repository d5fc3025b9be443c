// Bit masks by key, for as many keys as a budget of memory allows: names repeat, and hashing one
// again costs a thousand times an OR.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::clk {

// Not thread safe: one per thread. Never forgets; when full, it only stops learning.
class MaskMemo {
 public:
  // Masks of `words` words, in at most about `budget` bytes.
  MaskMemo(std::size_t words, std::size_t budget);
  // The mask kept for a key; nullptr: none. Valid until the next keep().
  const std::uint64_t* find(std::string_view key) const;
  void keep(std::string_view key, const std::uint64_t* mask);

 private:
  struct Slot {
    std::uint64_t hash;
    std::uint32_t entry;  // + 1; 0 is an empty slot
  };
  struct Entry {
    std::size_t at;  // of the key
    std::size_t size;
  };
  void grow();
  std::size_t words_;
  std::size_t most_;
  std::vector<Slot> slots_;
  std::vector<Entry> entries_;
  std::string keys_;
  std::vector<std::uint64_t> masks_;
};

// The same for short tokens, by a number: the usual n-grams, found in a few nanoseconds.
class ShortMemo {
 public:
  ShortMemo(std::size_t words, std::size_t budget);
  // The number of a token that is to set k bits; 0: too long, or k too large, for one.
  static std::uint64_t number(std::string_view token, std::uint64_t k);
  const std::uint64_t* find(std::uint64_t number) const;
  void keep(std::uint64_t number, const std::uint64_t* mask);

 private:
  struct Slot {
    std::uint64_t number;  // 0: empty
    std::uint64_t entry;
  };
  static std::size_t hash(std::uint64_t number) {
    return static_cast<std::size_t>((number * 0x9e3779b97f4a7c15ULL) >> 20);
  }
  std::size_t words_;
  std::size_t most_;
  std::vector<Slot> slots_;
  std::vector<std::uint64_t> masks_;
  std::size_t entries_ = 0;
};

}  // namespace tessera::clk
