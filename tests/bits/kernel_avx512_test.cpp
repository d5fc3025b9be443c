// Half words and sextets: what lies where, and where groups of rows end.
#include "engine/bits/kernel_parts.h"
#include "tests/bits/scanner_check.h"

using namespace tessera::bits;

TEST_CASE("avx512: squares begin and end where the rows do") {
  check_edges("halves");
  check_edges("sextets");
}

#if defined(__x86_64__)
TEST_CASE("avx512: half words of 64 rows side by side; six bits to a byte, over word ends too") {
  const std::uint64_t rows[2] = {0x1111111122222222, 0x3333333344444444};
  std::vector<std::uint32_t> halves(half_bytes(2, 1) / 4);
  REQUIRE(halves.size() == 64 * 2);
  pack_halves(rows, 2, 1, reinterpret_cast<std::byte*>(halves.data()));
  CHECK(halves[0] == 0x22222222);
  CHECK(halves[1] == 0x44444444);
  CHECK(halves[64] == 0x11111111);
  CHECK(halves[65] == 0x33333333);
  const std::uint64_t two[2] = {std::uint64_t{5} << 60, 2};  // bits 60, 62 and 65
  std::vector<std::byte> sextets(sextet_bytes(1, 2));
  REQUIRE(sextets.size() == 256 * 22);
  pack_sextets(two, 1, 2, sextets.data());
  for (std::size_t i = 0; i < 22; ++i) CHECK(sextets[i * 256] == std::byte(i == 10 ? 0b100101 : 0));
}
#endif
