// The scalar loop: odd and even numbers of words.
#include "engine/bits/kernel_parts.h"
#include "tests/bits/scanner_check.h"

using namespace tessera::bits;

TEST_CASE("popcnt: squares begin and end where the rows do") { check_edges("words"); }
