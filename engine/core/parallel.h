// The one parallel loop and the one parallel sort (oneTBB; std::thread under ThreadSanitizer).
// Results never depend on the number of threads: each index writes only what is its own.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>

namespace tessera {

// Threads used from now on by this process; 0 = as many as the machine has. Call before work.
void set_threads(std::size_t n);
std::size_t threads();

// Calls body(begin, end) for disjoint ranges that cover [0, n), each at most `grain` long and
// starting at a multiple of it. Bodies run concurrently and must not throw.
void parallel_for(std::size_t n, std::size_t grain,
                  const std::function<void(std::size_t begin, std::size_t end)>& body);

// Sorts [first, last) by `less`, which must be a total order (ties would make the result depend
// on the schedule).
template <class It, class Less>
void parallel_sort(It first, It last, Less less) {
  const auto n = static_cast<std::size_t>(last - first);
  constexpr std::size_t kSmall = 1 << 15;
  std::size_t parts = 1;
  while (parts < threads() && n / (parts * 2) >= kSmall) parts *= 2;
  auto cut = [&](std::size_t i) { return first + static_cast<std::ptrdiff_t>(n * i / parts); };
  parallel_for(parts, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) std::sort(cut(i), cut(i + 1), less);
  });
  for (std::size_t width = 1; width < parts; width *= 2)
    parallel_for(parts / (2 * width), 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i)
        std::inplace_merge(cut(2 * width * i), cut(2 * width * i + width), cut(2 * width * (i + 1)),
                           less);
    });
}
template <class It>
void parallel_sort(It first, It last) {
  parallel_sort(first, last, std::less<>{});
}

}  // namespace tessera
