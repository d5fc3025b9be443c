#include "engine/encoded/magic.h"

#include <doctest/doctest.h>

namespace tessera::encoded {
namespace {

TEST_CASE("a file in the wrong place is told what it is, in whatever version") {
  const auto told = [](Magic magic, std::uint8_t version) {
    magic[7] = version;
    return std::string(why_not_encoded(magic));
  };
  for (std::uint8_t version = 1; version < 3; ++version) {
    CHECK(told(kSlipMagic, version).starts_with("a file of slips"));
    CHECK(told(kMixMagic, version).starts_with("a mix of slips"));
    CHECK(told(kScoreMagic, version).starts_with("a file of scores"));
    CHECK(told(kOrderMagic, version).starts_with("an order to purge"));
    CHECK(told(kReceiptMagic, version).starts_with("a receipt for a purge"));
  }
  CHECK(why_not_encoded(as_bytes("TESSLI")).starts_with("not a tessera file"));
  CHECK(why_not_encoded({}).starts_with("not a tessera file"));
  CHECK(begins_with(kMagic, kMagic));
  CHECK_FALSE(begins_with(kMixMagic, kMagic));
}

}  // namespace
}  // namespace tessera::encoded
