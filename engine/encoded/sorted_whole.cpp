// The order of a pass: where each row belongs first, then every row moves once.
#include "engine/encoded/sorted_whole.h"

#include <algorithm>
#include <cstring>

#include "engine/core/parallel.h"
#include "engine/core/spread_sort.h"

namespace tessera::encoded {
namespace {

// A row's place in the order, small enough to sort in place of the row itself. The two halves of
// the tag are read big-endian, so that comparing numbers compares bytes.
struct Place {
  std::uint64_t high, low;
  Handle handle;
  std::uint32_t part, row;
  bool operator<(const Place& other) const {
    if (high != other.high) return high < other.high;
    if (low != other.low) return low < other.low;
    if (handle != other.handle) return handle < other.handle;
    return part != other.part ? part < other.part : row < other.row;
  }
};

std::uint64_t big_endian(const std::uint8_t* p) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i) value = (value << 8) | p[i];
  return value;
}

constexpr std::size_t kGatherGrain = 1 << 14;

}  // namespace

void PassColumns::sort() {
  const PassColumns* const self = this;
  *this = sorted_whole({&self, 1});
}

PassColumns sorted_whole(std::span<const PassColumns* const> parts) {
  PassColumns all;
  if (parts.empty()) return all;
  std::vector<Place> places;
  for (std::uint32_t p = 0; p < parts.size(); ++p)
    for (std::uint32_t r = 0; r < parts[p]->tags.size(); ++r)
      places.push_back({big_endian(parts[p]->tags[r].data()),
                        big_endian(parts[p]->tags[r].data() + 8), parts[p]->handles[r], p, r});
  spread_sort(
      places, [](const Place& p) { return p.high; }, std::less<>{});
  const std::size_t n = places.size();
  const std::size_t stride = parts.front()->stride;
  all.stride = parts.front()->stride;
  all.tags.resize(n);
  all.handles.resize(n);
  all.presence.resize(n);
  all.bits.resize(n * stride);
  const bool tokens = std::ranges::any_of(parts, [](auto* p) { return !p->ssn_tokens.empty(); });
  if (tokens) all.ssn_tokens.resize(n);
  parallel_for(n, kGatherGrain, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
      const PassColumns& from = *parts[places[i].part];
      const std::size_t row = places[i].row;
      all.tags[i] = from.tags[row];
      all.handles[i] = from.handles[row];
      all.presence[i] = from.presence[row];
      if (tokens) all.ssn_tokens[i] = from.ssn_tokens[row];
      if (stride > 0)
        std::memcpy(all.bits.data() + i * stride, from.bits.data() + row * stride, stride);
    }
  });
  return all;
}

}  // namespace tessera::encoded
