// How many seen pairs stand between two groups: found by the two groups, or from either by its
// chain.
//
// A link that is looked for is mostly not there, so a look-up meets one cache line: twelve bytes of
// twelve hashes first, then where the twelve links are.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/clkjoin/large_pages.h"

namespace tessera::clkjoin {

// Links have numbers from 1 up; 0 is none. 20 bytes each, and 7 to 27 of the table. Not thread
// safe.
class GroupLinks {
 public:
  struct Link {
    std::uint32_t group[2];
    std::uint32_t next[2];  // in the chain of either group
    std::uint32_t seen;     // 0: the link was merged away
    std::size_t side(std::uint32_t g) const { return group[0] == g ? 0 : 1; }
  };
  struct Line;
  struct Place {
    std::uint32_t link;  // 0: none stands between the two
    std::uint8_t tag;    // and where one would
    Line* line;
  };

  GroupLinks();
  Link& operator[](std::uint32_t link) { return blocks_[(link - 1) / kBlock][(link - 1) % kBlock]; }
  const Link& operator[](std::uint32_t link) const {
    return blocks_[(link - 1) / kBlock][(link - 1) % kBlock];
  }
  // The place is good until the next put() or add().
  Place find(std::uint32_t a, std::uint32_t b);
  // Links are found by their groups of now; a merge that gives a link another group puts it again.
  void put(const Place& place, std::uint32_t link);
  std::uint32_t add(const Place& place, const Link& link);

  // Not a call: a compiler may drop one that does nothing but fetch ahead.
  [[gnu::always_inline]] void fetch(std::uint32_t a, std::uint32_t b) const {
    __builtin_prefetch(&lines_[line_of(hash(a, b))], 1);
  }

  struct alignas(64) Line {
    static constexpr std::uint32_t kMost = 12;
    std::uint8_t tags[kMost];
    std::uint32_t used;
    std::uint32_t links[kMost];
  };

 private:
  static constexpr std::uint32_t kBlock = 1U << 20;

  // Of two groups in either order, without asking which is the smaller: nobody could foretell it.
  static std::uint64_t hash(std::uint32_t a, std::uint32_t b) {
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ULL;
    std::uint64_t h = (a + kOdd) * (b + kOdd);
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93ULL;
    return h ^ (h >> 32);
  }
  static std::uint8_t tag_of(std::uint64_t h) { return static_cast<std::uint8_t>(h >> 56); }
  std::size_t line_of(std::uint64_t h) const { return h & (lines_.size() - 1); }
  void grow();

  // Links in blocks that never move: growing copies nothing and touches no memory twice.
  std::vector<LargeArray<Link>> blocks_;
  std::uint32_t size_ = 0;
  LargeArray<Line> lines_;
  std::size_t used_ = 0;  // tags in all lines, of merged links too
};

}  // namespace tessera::clkjoin
