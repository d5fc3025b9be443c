// The plain loops, which all others are held against, against the definition.
#include "engine/bits/kernel_parts.h"
#include "tests/bits/scanner_check.h"

using namespace tessera::bits;

TEST_CASE("portable: squares begin and end where the rows do") { check_edges("rows"); }

TEST_CASE("shared bits and differing bits, bit by bit") {
  tessera::Splitmix random(11);
  for (std::size_t words = 1; words < 20; ++words) {
    const Block b = make_block(random, 5, 9, words, 30);
    Pairs want;
    for (std::size_t i = 0; i < 5; ++i)
      for (std::size_t j = 0; j < 9; ++j) {
        std::int32_t ham = 0;
        std::uint32_t both = 0;
        for (std::size_t bit = 0; bit < words * 64; ++bit) {
          const bool x = ((b.left[i * words + bit / 64] >> (bit % 64)) & 1U) != 0;
          const bool y = ((b.right[j * words + bit / 64] >> (bit % 64)) & 1U) != 0;
          ham += x != y ? 1 : 0;
          both += x && y ? 1U : 0U;
        }
        CHECK(count_and_portable(&b.left[i * words], &b.right[j * words], words) == both);
        if (ham <= b.left_budget[i] + b.right_budget[j]) want.emplace_back(i, j);
      }
    CHECK(run(kernels().back().scanners.front(), b) == want);
  }
}
