#include "engine/encode/prf.h"

#include <array>

#include <doctest/doctest.h>

#include "engine/core/bytes.h"

using namespace tessera;

TEST_CASE("the PRF is AES-256: FIPS 197 appendix C.3, alone and among other blocks") {
  const auto key = from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const auto plain = from_hex("00112233445566778899aabbccddeeff");
  REQUIRE(key);
  REQUIRE(plain);
  constexpr std::string_view kCipher = "8ea2b7ca516745bfeafc49904b496089";
  encode::Prf prf;
  prf.rekey(std::span<const std::uint8_t, 32>(key->data(), 32));
  Bytes out(16);
  prf(*plain, out);
  CHECK(to_hex(out) == kCipher);

  Bytes many;
  for (int i = 0; i < 9; ++i) many.insert(many.end(), plain->begin(), plain->end());
  many[16] ^= 1;
  Bytes drawn(many.size());
  prf(many, drawn);
  CHECK(to_hex(ByteView(drawn).first(16)) == kCipher);
  CHECK(to_hex(ByteView(drawn).subspan(16, 16)) != kCipher);
  CHECK(to_hex(ByteView(drawn).last(16)) == kCipher);
}

TEST_CASE("another key gives other blocks, and the first key the first again") {
  encode::Prf prf;
  std::array<std::uint8_t, 32> key{};
  const Bytes in(16, 5);
  Bytes a(16), b(16), c(16);
  prf.rekey(key);
  prf(in, a);
  key[31] = 1;
  prf.rekey(key);
  prf(in, b);
  key[31] = 0;
  prf.rekey(key);
  prf(in, c);
  CHECK(a != b);
  CHECK(a == c);
}
