// What a record's entries come to: blind to their order and handles, and to nothing else.
#include "engine/encoded/payload.h"

#include <doctest/doctest.h>

namespace payload_test {

using namespace tessera;

namespace {

// One entry of one byte of bits.
encoded::PassColumns row(std::uint8_t tag, std::uint16_t presence, std::uint8_t bits,
                         encoded::Handle handle = 1) {
  encoded::PassColumns c;
  c.stride = 1;
  c.tags.push_back({tag});
  c.handles.push_back(handle);
  c.presence.push_back(presence);
  c.bits.push_back(bits);
  return c;
}

Checksum sum_of(const std::vector<std::pair<std::uint8_t, encoded::PassColumns>>& entries) {
  encoded::PayloadDigests digests(1);
  const std::vector<std::uint32_t> record{0};
  for (const auto& [pass, rows] : entries) digests.add_pass(pass, rows.view(), record);
  return digests.finish().front();
}

}  // namespace

TEST_CASE("order and handles do not show, anything else does") {
  const Checksum sum = sum_of({{0, row(1, 3, 7)}, {1, row(2, 3, 9)}});
  CHECK(sum_of({{1, row(2, 3, 9, 5)}, {0, row(1, 3, 7, 6)}}) == sum);
  CHECK(sum_of({{1, row(1, 3, 7)}, {0, row(2, 3, 9)}}) != sum);
  CHECK(sum_of({{0, row(4, 3, 7)}, {1, row(2, 3, 9)}}) != sum);
  CHECK(sum_of({{0, row(1, 2, 7)}, {1, row(2, 3, 9)}}) != sum);
  CHECK(sum_of({{0, row(1, 3, 6)}, {1, row(2, 3, 9)}}) != sum);
  encoded::PassColumns with_token = row(1, 3, 7);
  with_token.ssn_tokens.push_back(0);
  CHECK(sum_of({{0, with_token}, {1, row(2, 3, 9)}}) != sum);
}

TEST_CASE("sums carry from the low half to the high one, and wrap") {
  Checksum total{};
  total.fill(0xff);
  Checksum one{};
  one[0] = 1;
  encoded::add_to(total, one);
  CHECK(total == Checksum{});
  for (std::size_t i = 0; i < 8; ++i) total[i] = 0xff;
  encoded::add_to(total, one);
  Checksum carried{};
  carried[8] = 1;
  CHECK(total == carried);
}

}  // namespace payload_test
