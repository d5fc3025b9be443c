#include "engine/slips/slip.h"

#include <doctest/doctest.h>

#include "engine/seal/box.h"

using namespace tessera;

TEST_CASE("a slip comes back as it was put") {
  const Bytes bits{1, 2, 3, 4, 5, 6, 7, 8};
  slips::Slip s{{1, 2, 3}, 0x1122334455667788, 0x99aabbccddeeff00, 5, 6, 7, bits.data()};
  Bytes plain(slips::plain_slip_bytes(8), 0xff);
  slips::put_slip(s, 8, plain.data());
  const slips::Slip back = slips::take_slip(plain.data());
  CHECK(back.tag == s.tag);
  CHECK(back.handle == s.handle);
  CHECK(back.mark == s.mark);
  CHECK(back.presence == 5);
  CHECK(back.ssn_token == 6);
  CHECK(back.pass == 7);
  CHECK(std::equal(bits.begin(), bits.end(), back.bits));
  CHECK(slips::sealed_slip_bytes(8) == plain.size() + seal::kBoxExtra);
}

TEST_CASE("the table of docs/format/slips.md, byte by byte") {
  const Bytes bits(8, 0xee);
  slips::Slip s{{}, 0x0807060504030201, 0x100f0e0d0c0b0a09, 0x1211, 0x1413, 0x1615, bits.data()};
  s.tag.fill(0xaa);
  Bytes plain(slips::plain_slip_bytes(8));
  slips::put_slip(s, 8, plain.data());
  CHECK(to_hex(plain) ==
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa0102030405060708090a0b0c0d0e0f101112131415160000"
        "eeeeeeeeeeeeeeee");
}
