// Bit masks by text, for as many texts as a budget of memory allows: names repeat, and hashing one
// again costs a thousand times an OR.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::clk {

// Masks at places that do not move, wiped in the end: they are made with keys.
class MaskStore {
 public:
  // As many masks of `words` 64-bit words as `budget` bytes hold with `more` bytes elsewhere for
  // each.
  MaskStore(std::size_t words, std::size_t budget, std::size_t more);
  MaskStore(MaskStore&&) = default;
  MaskStore& operator=(MaskStore&&) = delete;
  ~MaskStore();
  bool full() const { return size_ == most_; }
  std::size_t size() const { return size_; }
  // The copy that is kept. REQUIRES: not full.
  const std::uint64_t* add(const std::uint64_t* mask);

 private:
  struct alignas(64) Line {
    std::uint64_t words[8];
  };
  std::size_t words_, most_, per_chunk_;
  std::size_t size_ = 0;
  std::vector<std::unique_ptr<Line[]>> chunks_;
};

// Sixteen bytes that tell one short text from another.
struct ShortKey {
  std::uint64_t low = 0, high = 0;

  static constexpr std::size_t kLongest = 15;
  // REQUIRES: at most kLongest bytes.
  static ShortKey of(std::string_view text);
  bool operator==(const ShortKey&) const = default;
};

// Masks by short key, found in a few nanoseconds. Like all memos not thread safe: one per thread.
// Never forgets; when full, it only stops learning.
class ShortMemo {
 public:
  // Masks of `words` words, in about `budget` bytes.
  ShortMemo(std::size_t words, std::size_t budget);
  bool full() const { return masks_.full(); }
  // The mask kept for a key, valid as long as the memo; nullptr: none.
  const std::uint64_t* find(ShortKey key) const {
    for (std::size_t i = home(key);; i = (i + 1) & (slots_.size() - 1)) {
      const Slot& s = slots_[i];
      if (s.mask == nullptr || s.key == key) return s.mask;
    }
  }
  // The mask as kept. REQUIRES: not full, and no mask is kept for the key.
  const std::uint64_t* keep(ShortKey key, const std::uint64_t* mask);

 private:
  struct Slot {
    ShortKey key;
    const std::uint64_t* mask = nullptr;  // none: empty
  };
  std::size_t home(ShortKey key) const {
    return static_cast<std::size_t>(
        (key.low * 0x9e3779b97f4a7c15ULL + key.high * 0xd1342543de82ef95ULL) >> shift_);
  }
  void place(Slot slot);
  MaskStore masks_;
  std::vector<Slot> slots_;  // a power of two of them, at most half taken
  int shift_;                // 64 - log2 of that power
};

// Masks by text of any length.
class MaskMemo {
 public:
  MaskMemo(std::size_t words, std::size_t budget);
  bool full() const { return short_.full() || masks_.full(); }
  const std::uint64_t* find(std::string_view text) const {
    return text.size() <= ShortKey::kLongest ? short_.find(ShortKey::of(text)) : find_long(text);
  }
  // As those of ShortMemo.
  const std::uint64_t* keep(std::string_view text, const std::uint64_t* mask);

 private:
  struct Slot {
    std::uint64_t hash;
    std::uint32_t entry;  // + 1; 0 is an empty slot
  };
  struct Entry {
    std::size_t at;  // of the text
    std::size_t size;
    const std::uint64_t* mask;
  };
  const std::uint64_t* find_long(std::string_view text) const;
  void grow();
  ShortMemo short_;
  MaskStore masks_;  // of the long ones
  std::vector<Slot> slots_;
  std::vector<Entry> entries_;
  std::string texts_;
};

}  // namespace tessera::clk
