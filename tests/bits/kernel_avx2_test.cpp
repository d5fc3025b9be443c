// Nibble tables: squares of four left rows and two groups, sums that fill a byte.
#include "engine/bits/kernel_parts.h"
#include "tests/bits/scanner_check.h"

using namespace tessera::bits;

TEST_CASE("avx2: squares begin and end where the rows do") {
  check_edges("nibbles8");
  check_edges("nibbles16");
}

#if defined(__x86_64__)
TEST_CASE("avx2: a nibble to a byte, 32 rows side by side") {
  const std::uint64_t rows[2] = {0xfedcba9876543210, 0x1};
  std::vector<std::byte> packed(nibble_bytes(2, 1));
  REQUIRE(packed.size() == 32 * 16);
  pack_nibbles(rows, 2, 1, packed.data());
  for (std::size_t i = 0; i < 16; ++i) {
    CHECK(packed[i * 32] == std::byte(i));
    CHECK(packed[i * 32 + 1] == std::byte(i == 0));
    CHECK(packed[i * 32 + 2] == std::byte(0));  // a pad
  }
}

TEST_CASE("avx2: sums at the edge of a byte are neither lost nor wrapped") {
  for (const std::size_t words : {3, 4, 5, 8}) {
    Block b;
    b.words = words;
    b.left.assign(words, 0);
    for (std::size_t bits = 0; bits <= words * 64; ++bits) {  // one right row per distance
      for (std::size_t k = 0; k < words; ++k)
        b.right.push_back(bits >= (k + 1) * 64 ? ~std::uint64_t{0}
                          : bits <= k * 64     ? 0
                                               : (std::uint64_t{1} << (bits - k * 64)) - 1);
      b.right_budget.push_back(0);
    }
    for (const std::int32_t budget : {0, 63, 191, 252, 253, 254}) {
      b.left_budget = {budget};
      const std::size_t within =
          std::min(static_cast<std::size_t>(budget), words * 64) + 1;  // distances 0 to budget
      for (const char* name : {"nibbles8", "nibbles16"})
        if (const Scanner* s = usable_scanner(name)) CHECK(run(*s, b).size() == within);
    }
  }
}
#endif
