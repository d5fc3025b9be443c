// A sort for keys that look drawn at random: tags, handles. One scatter by the first bits, then
// small sorts inside the cache; any keys are sorted, but only evenly spread ones faster.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "engine/core/parallel.h"

namespace tessera {

// Sorts `items` by `less`, a total order (ties would make the result depend on the schedule).
// top(item) is a number of 64 bits that never falls as items rise. Takes the memory of the items
// once more while it works.
template <class T, class Top, class Less>
void spread_sort(std::vector<T>& items, Top top, Less less) {
  constexpr std::size_t kEach = 16;  // items of a bucket, about
  const int bits =
      static_cast<int>(std::clamp<std::size_t>(std::bit_width(items.size() / kEach), 1, 16));
  const int shift = 64 - bits;
  std::vector<std::size_t> begin((std::size_t{1} << bits) + 1, 0);
  for (const T& item : items) ++begin[(top(item) >> shift) + 1];
  for (std::size_t b = 1; b < begin.size(); ++b) begin[b] += begin[b - 1];
  std::vector<T> spread(items.size());
  std::vector<std::size_t> at(begin.begin(), begin.end() - 1);
  for (const T& item : items) spread[at[top(item) >> shift]++] = item;
  items.swap(spread);
  auto bound = [&](std::size_t b) { return items.begin() + static_cast<std::ptrdiff_t>(begin[b]); };
  parallel_for(begin.size() - 1, 64, [&](std::size_t first, std::size_t last) {
    for (std::size_t b = first; b < last; ++b) std::sort(bound(b), bound(b + 1), less);
  });
}

}  // namespace tessera
