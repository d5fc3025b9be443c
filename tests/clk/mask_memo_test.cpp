#include "engine/clk/mask_memo.h"

#include <doctest/doctest.h>

using namespace tessera::clk;

TEST_CASE("masks are found by their key, as many as the budget allows") {
  MaskMemo memo(2, 64 * 1000);
  for (std::uint64_t i = 0; i < 5000; ++i) {
    const std::uint64_t mask[2] = {i, ~i};
    CHECK(memo.find("key " + std::to_string(i)) == nullptr);
    memo.keep("key " + std::to_string(i), mask);
  }
  std::size_t kept = 0;
  for (std::uint64_t i = 0; i < 5000; ++i)
    if (const std::uint64_t* mask = memo.find("key " + std::to_string(i))) {
      ++kept;
      CHECK(mask[0] == i);
      CHECK(mask[1] == ~i);
    }
  CHECK(kept > 500);
  CHECK(kept < 1000);
}

TEST_CASE("short tokens have numbers of their own") {
  CHECK(ShortMemo::number("ab", 5) != ShortMemo::number("ab", 6));
  CHECK(ShortMemo::number("ab", 5) != ShortMemo::number("ba", 5));
  CHECK(ShortMemo::number("a", 5) != ShortMemo::number({"a\0", 2}, 5));
  CHECK(ShortMemo::number("", 5) == 0);
  CHECK(ShortMemo::number("1234567", 5) == 0);
  CHECK(ShortMemo::number("a", 8192) == 0);
  ShortMemo memo(1, 1 << 20);
  for (std::uint64_t k = 1; k < 3000; ++k) {
    CHECK(memo.find(ShortMemo::number("ab", k)) == nullptr);
    memo.keep(ShortMemo::number("ab", k), &k);
  }
  for (std::uint64_t k = 1; k < 3000; ++k) CHECK(*memo.find(ShortMemo::number("ab", k)) == k);
}
