// Tags of merged links are never matched again; they go when the table grows. Looking whether a tag
// in the way is such a one would cost a walk to memory, which is what a pair costs.
#include "engine/clkjoin/group_links.h"

#include <bit>

#include "engine/core/bytes.h"

namespace tessera::clkjoin {
namespace {

constexpr std::size_t kFewLines = 256;
constexpr std::size_t kManyLines = std::size_t{1} << 20;  // 64 MiB
constexpr std::uint32_t kLinksAhead = 48;                 // links whose line is fetched ahead

// Bit k: byte k of `word` is `byte`.
std::uint32_t bytes_like(std::uint64_t word, std::uint8_t byte) {
  constexpr std::uint64_t kOnes = 0x0101010101010101ULL;
  constexpr std::uint64_t kLow = kOnes * 0x7f;
  const std::uint64_t x = word ^ (kOnes * byte);
  const std::uint64_t zero = ~(((x & kLow) + kLow) | x | kLow);  // the top bit of each zero byte
  return static_cast<std::uint32_t>((zero >> 7) * 0x0102040810204080ULL >> 56);
}

// Bit k: the k-th link of the line may have this tag.
std::uint32_t tags_like(const GroupLinks::Line& line, std::uint8_t tag) {
  const std::uint32_t all = bytes_like(load_le<std::uint64_t>(line.tags), tag) |
                            bytes_like(load_le<std::uint32_t>(line.tags + 8), tag) << 8;
  return all & ((1U << line.used) - 1);
}

}  // namespace

GroupLinks::GroupLinks() : lines_(kFewLines) {}

GroupLinks::Place GroupLinks::find(std::uint32_t a, std::uint32_t b) {
  const std::uint64_t h = hash(a, b);
  const std::uint8_t tag = tag_of(h);
  for (std::size_t i = line_of(h);; i = line_of(i + 1)) {
    Line& line = lines_[i];
    for (std::uint32_t m = tags_like(line, tag); m != 0; m &= m - 1) {
      const std::uint32_t at = line.links[std::countr_zero(m)];
      const Link& l = (*this)[at];
      if (l.seen != 0 &&
          ((l.group[0] == a && l.group[1] == b) || (l.group[0] == b && l.group[1] == a)))
        return {at, tag, &line};
    }
    if (line.used < Line::kMost) return {0, tag, &line};
  }
}

std::uint32_t GroupLinks::add(const Place& place, const Link& link) {
  if (size_ == blocks_.size() * kBlock) blocks_.emplace_back(kBlock);
  const std::uint32_t number = ++size_;
  (*this)[number] = link;
  put(place, number);
  return number;
}

void GroupLinks::put(const Place& place, std::uint32_t link) {
  Line& line = *place.line;
  line.tags[line.used] = place.tag;
  line.links[line.used++] = link;
  if (++used_ * 5 > lines_.size() * Line::kMost * 4) grow();
}

void GroupLinks::grow() {
  // Four times as large while that is little memory, then twice: each step walks all of both.
  const std::size_t size = lines_.size() * (lines_.size() < kManyLines ? 4 : 2);
  lines_ = {};  // never both tables at once
  lines_ = LargeArray<Line>(size);
  used_ = 0;
  for (std::uint32_t k = 1; k <= size_; ++k) {
    if (size_ - k >= kLinksAhead) {
      const Link& ahead = (*this)[k + kLinksAhead];
      fetch(ahead.group[0], ahead.group[1]);
    }
    const Link& l = (*this)[k];
    if (l.seen == 0) continue;
    const std::uint64_t h = hash(l.group[0], l.group[1]);
    std::size_t i = line_of(h);
    while (lines_[i].used == Line::kMost) i = line_of(i + 1);
    Line& line = lines_[i];
    line.tags[line.used] = tag_of(h);
    line.links[line.used++] = k;
    ++used_;
  }
}

}  // namespace tessera::clkjoin
