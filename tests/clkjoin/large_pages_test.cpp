#include "engine/clkjoin/large_pages.h"

#include <cstdint>

#include <doctest/doctest.h>

using namespace tessera::clkjoin;

TEST_CASE(
    "an array of any size is zero at first, keeps what is written, and starts at a line or a "
    "page") {
  constexpr std::size_t kPage = LargeArray<std::uint32_t>::kPage;
  for (const std::size_t n : {std::size_t{0}, std::size_t{1}, kPage / 16 - 1, kPage / 16, kPage / 4,
                              kPage / 4 + 1, 3 * kPage}) {
    LargeArray<std::uint32_t> a(n);
    REQUIRE(a.size() == n);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < n; ++i) {
      wrong += a[i] != 0;
      a[i] = static_cast<std::uint32_t>(i * 7);
    }
    LargeArray<std::uint32_t> moved = std::move(a);
    REQUIRE(moved.size() == n);
    for (std::size_t i = 0; i < n; ++i) wrong += moved[i] != static_cast<std::uint32_t>(i * 7);
    CHECK(wrong == 0);
    CHECK(reinterpret_cast<std::uintptr_t>(moved.data()) % 64 == 0);
    moved = LargeArray<std::uint32_t>(2);
    CHECK(moved.size() == 2);
    CHECK(moved[1] == 0);
  }
}

TEST_CASE("whole pages from a quarter of a page up, nothing more below") {
  using Array = LargeArray<std::uint64_t>;
  CHECK(Array::bytes(1) == 8);
  CHECK(Array::bytes(Array::kPage / 32 - 1) == Array::kPage / 4 - 8);
  CHECK(Array::bytes(Array::kPage / 32) == Array::kPage);
  CHECK(Array::bytes(Array::kPage / 8 + 1) == 2 * Array::kPage);
}
