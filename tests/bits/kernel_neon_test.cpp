// Byte lanes; run under emulation by neon.sh, and for nothing on other processors.
#include "engine/bits/kernel_parts.h"
#include "tests/bits/scanner_check.h"

using namespace tessera::bits;

TEST_CASE("neon: squares begin and end where the rows do") { check_edges("lanes"); }

#if defined(__aarch64__)
TEST_CASE("neon: a byte of each of 16 rows side by side") {
  const std::uint64_t rows[2] = {0x0807060504030201, 0xff};
  std::vector<std::byte> packed(lane_bytes(2, 1));
  REQUIRE(packed.size() == 16 * 8);
  pack_lanes(rows, 2, 1, packed.data());
  for (std::size_t k = 0; k < 8; ++k) {
    CHECK(packed[k * 16] == std::byte(k + 1));
    CHECK(packed[k * 16 + 1] == std::byte(k == 0 ? 0xff : 0));
  }
}
#endif
