// The order of a pass: where each row belongs first, then every row moves once.
#include "engine/encoded/sorted_whole.h"

#include <algorithm>
#include <cstring>

#include "engine/core/parallel.h"
#include "engine/core/spread_sort.h"

namespace tessera::encoded {
namespace {

constexpr std::size_t kGatherGrain = 1 << 12;
constexpr std::size_t kAhead = 8;  // rows asked for before they are copied

}  // namespace

std::uint64_t first_half(std::span<const std::uint8_t, 16> id) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = (value << 8) | id[i];
  return value;
}

void PassColumns::sort() {
  const PassColumns* const self = this;
  *this = sorted_whole({&self, 1});
}

SortedRows::SortedRows(std::span<const PassColumns* const> parts)
    : parts_(parts.begin(), parts.end()) {
  if (parts.empty()) return;
  stride_ = parts.front()->stride;
  tokens_ = std::ranges::any_of(parts, [](auto* p) { return !p->ssn_tokens.empty(); });
  std::size_t rows = 0;
  for (const PassColumns* p : parts) rows += p->tags.size();
  places_.reserve(rows);
  for (std::uint32_t p = 0; p < parts.size(); ++p)
    for (std::uint32_t r = 0; r < parts[p]->tags.size(); ++r)
      places_.push_back({first_half(parts[p]->tags[r]), p, r});
  spread_sort(
      places_, [](const Place& p) { return p.high; },
      [this](const Place& a, const Place& b) { return before(a, b); });
}

bool SortedRows::before(const Place& a, const Place& b) const {
  if (a.high != b.high) return a.high < b.high;
  const PassColumns& x = *parts_[a.part];
  const PassColumns& y = *parts_[b.part];
  if (x.tags[a.row] != y.tags[b.row]) return x.tags[a.row] < y.tags[b.row];
  if (x.handles[a.row] != y.handles[b.row]) return x.handles[a.row] < y.handles[b.row];
  return a.part != b.part ? a.part < b.part : a.row < b.row;
}

template <class T>
void SortedRows::copy(std::vector<T> PassColumns::*column, std::size_t begin,
                      std::span<T> out) const {
  parallel_for(out.size(), kGatherGrain, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      const Place& place = places_[begin + i];
      out[i] = (parts_[place.part]->*column)[place.row];
    }
  });
}

void SortedRows::tags(std::size_t begin, std::span<Tag> out) const {
  copy(&PassColumns::tags, begin, out);
}
void SortedRows::handles(std::size_t begin, std::span<Handle> out) const {
  copy(&PassColumns::handles, begin, out);
}
void SortedRows::presence(std::size_t begin, std::span<std::uint16_t> out) const {
  copy(&PassColumns::presence, begin, out);
}
void SortedRows::ssn_tokens(std::size_t begin, std::span<std::uint16_t> out) const {
  copy(&PassColumns::ssn_tokens, begin, out);
}

void SortedRows::bits(std::size_t begin, std::span<std::uint8_t> out) const {
  if (stride_ == 0) return;
  const auto row = [&](std::size_t i) {
    const Place& place = places_[i];
    return parts_[place.part]->bits.data() + std::size_t{place.row} * stride_;
  };
  parallel_for(out.size() / stride_, kGatherGrain, [&](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      // Rows lie all over memory: the next ones are on their way while this one is copied.
      if (i + kAhead < to) {
        const std::uint8_t* next = row(begin + i + kAhead);
        for (std::uint32_t line = 0; line < stride_; line += 64) __builtin_prefetch(next + line);
      }
      std::memcpy(out.data() + i * stride_, row(begin + i), stride_);
    }
  });
}

PassColumns sorted_whole(std::span<const PassColumns* const> parts) {
  const SortedRows rows(parts);
  const std::size_t n = rows.size();
  PassColumns all;
  all.stride = rows.stride();
  all.tags.resize(n);
  all.handles.resize(n);
  all.presence.resize(n);
  all.bits.resize(n * all.stride);
  if (rows.has_tokens()) all.ssn_tokens.resize(n);
  rows.tags(0, all.tags);
  rows.handles(0, all.handles);
  rows.presence(0, all.presence);
  rows.ssn_tokens(0, all.ssn_tokens);
  rows.bits(0, all.bits);
  return all;
}

}  // namespace tessera::encoded
