// Tiles of +1 and -1: what lies where, and where squares of 32 x 32 end.
#include "engine/bits/kernel_parts.h"
#include "tests/bits/scanner_check.h"

using namespace tessera::bits;

TEST_CASE("amx: squares begin and end where the rows do") { check_edges("tiles"); }

#if defined(__x86_64__)
TEST_CASE("amx: a bit is a byte, four bits of each of 16 rows to a tile row") {
  if (!has_amx()) return;
  std::vector<std::uint64_t> rows(17, 0);
  rows[3] = 0b100000;  // bit 5
  rows[16] = std::uint64_t{1} << 63;
  Scratch memory;
  auto* packed = static_cast<std::int8_t*>(memory.take(tile_bytes(17, 1)));
  REQUIRE(tile_bytes(17, 1) == 2048);
  pack_tiles(rows.data(), 17, 1, reinterpret_cast<std::byte*>(packed));
  std::size_t plus = 0;
  for (std::size_t i = 0; i < 2048; ++i) plus += packed[i] == 1 ? 1U : 0U;
  CHECK(plus == 2);
  CHECK(packed[5 / 4 * 64 + 3 * 4 + 5 % 4] == 1);
  CHECK(packed[1024 + 63 / 4 * 64 + 0 * 4 + 63 % 4] == 1);
}
#endif
