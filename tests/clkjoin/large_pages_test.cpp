#include "engine/clkjoin/large_pages.h"

#include <cstdint>

#include <doctest/doctest.h>

using namespace tessera::clkjoin;

TEST_CASE(
    "a vector in large pages holds what a vector holds, and starts at a page when it is large") {
  constexpr std::size_t kPage = LargePages<std::uint32_t>::kPage;
  LargeVector<std::uint32_t> v;
  for (std::uint32_t i = 0; i < 3'000'000; ++i) v.push_back(i * 7);
  for (std::uint32_t i = 0; i < v.size(); ++i) REQUIRE(v[i] == i * 7);
  CHECK(reinterpret_cast<std::uintptr_t>(v.data()) % kPage == 0);
  LargeVector<std::uint32_t> moved = std::move(v);
  CHECK(moved.back() == 2'999'999U * 7);
  moved.assign(3, 5);
  moved.shrink_to_fit();
  CHECK(moved == LargeVector<std::uint32_t>{5, 5, 5});
}

TEST_CASE("whole pages from half a page up, nothing more below") {
  using Pages = LargePages<std::uint64_t>;
  CHECK(Pages::bytes(1) == 8);
  CHECK(Pages::bytes(Pages::kPage / 16 - 1) == Pages::kPage / 2 - 8);
  CHECK(Pages::bytes(Pages::kPage / 16) == Pages::kPage);
  CHECK(Pages::bytes(Pages::kPage / 8 + 1) == 2 * Pages::kPage);
}
