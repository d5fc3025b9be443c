// The parallel loop covers each index once; the parallel sort sorts; threads do not show.
#include "engine/core/parallel.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "engine/core/random.h"

using namespace tessera;

namespace {

constexpr std::size_t kThreads[] = {1, 2, 3, 4, 7, 16};

}  // namespace

TEST_CASE("every index once, in ranges that begin at multiples of the grain") {
  for (const std::size_t n_threads : kThreads) {
    set_threads(n_threads);
    CHECK(threads() == n_threads);
    for (const std::size_t n : {0, 1, 2, 63, 64, 65, 1000, 10007})
      for (const std::size_t grain : {0, 1, 3, 64, 5000, 20000}) {
        std::vector<std::atomic<int>> seen(n);
        std::atomic<bool> fits = true;
        parallel_for(n, grain, [&](std::size_t begin, std::size_t end) {
          const std::size_t g = std::max<std::size_t>(grain, 1);
          if (begin % g != 0 || begin >= end || end > n || end - begin > g) fits = false;
          for (std::size_t i = begin; i < end; ++i) ++seen[i];
        });
        CHECK(fits);
        CHECK(std::ranges::all_of(seen, [](const std::atomic<int>& s) { return s == 1; }));
      }
  }
  set_threads(0);
  CHECK(threads() >= 1);
}

TEST_CASE("loops inside loops") {
  set_threads(4);
  std::vector<std::atomic<int>> seen(1000);
  parallel_for(10, 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      parallel_for(100, 7, [&](std::size_t from, std::size_t to) {
        for (std::size_t j = from; j < to; ++j) ++seen[i * 100 + j];
      });
  });
  set_threads(0);
  CHECK(std::ranges::all_of(seen, [](const std::atomic<int>& s) { return s == 1; }));
}

TEST_CASE("the parallel sort gives what std::sort gives") {
  for (const std::size_t n_threads : kThreads) {
    set_threads(n_threads);
    for (const std::size_t n : {0, 1, 2, 1000, (1 << 16) - 1, 1 << 16, (1 << 17) + 13, 300001}) {
      Splitmix random(n);
      std::vector<std::pair<std::uint32_t, std::uint32_t>> values(n);
      for (std::size_t i = 0; i < n; ++i)
        values[i] = {static_cast<std::uint32_t>(random.below(n / 3 + 1)),
                     static_cast<std::uint32_t>(i)};
      auto expected = values;
      std::sort(expected.begin(), expected.end());
      parallel_sort(values.begin(), values.end());
      CHECK(values == expected);
      parallel_sort(values.begin(), values.end(), std::greater<>{});
      std::reverse(expected.begin(), expected.end());
      CHECK(values == expected);
    }
  }
  set_threads(0);
}
