#include "engine/clk/hashing.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "engine/clk/encoder.h"

using namespace tessera;
using namespace tessera::clk;

TEST_CASE("HKDF gives RFC 5869's test cases 1 and 3") {
  const Bytes ikm(22, 0x0b);
  const Bytes salt = *from_hex("000102030405060708090a0b0c");
  const Bytes info = *from_hex("f0f1f2f3f4f5f6f7f8f9");
  CHECK(to_hex(hkdf(false, ikm, salt, info, 42)) ==
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  CHECK(to_hex(hkdf(false, ikm, {}, {}, 42)) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  CHECK(hkdf(true, ikm, salt, info, 100).size() == 100);
}

TEST_CASE("double hashing has the singularity, and prevents it when asked") {
  const auto distinct = [](std::string_view token, bool prevent) {
    std::vector<std::uint32_t> p;
    DoubleHash(as_bytes("secret1"), as_bytes("secret2")).positions(token, 20, 1024, prevent, p);
    CHECK(p.size() == 20);
    return std::set<std::uint32_t>(p.begin(), p.end()).size();
  };
  for (const char* token : {"635", "1402"}) {  // as in clkhash's own test
    CHECK(distinct(token, false) == 1);
    CHECK(distinct(token, true) > 1);
  }
  for (const char* token : {"666", "1401"}) {
    CHECK(distinct(token, false) > 1);
    CHECK(distinct(token, true) == distinct(token, false));
  }
  std::vector<std::uint32_t> p;
  DoubleHash(as_bytes("a"), as_bytes("b")).positions("x", 3, 1, true, p);
  CHECK(p == std::vector<std::uint32_t>{0, 0, 0});
}

TEST_CASE("a double hash used again is as good as new, and is HMAC as one call makes it") {
  DoubleHash used(as_bytes("key one"), as_bytes("key two"));
  for (const std::uint64_t length : {64, 1000, 1 << 24})
    for (const std::string token : {"", "a", "ab",
                                    "a token that is longer than one block of a hash, "
                                    "which is sixty-four bytes for both"}) {
      const auto rest = [&](const EVP_MD* hash, std::string_view key) {
        std::uint8_t out[64];
        unsigned size = 0;
        HMAC(hash, key.data(), static_cast<int>(key.size()), as_bytes(token).data(), token.size(),
             out, &size);
        std::uint64_t r = 0;
        for (unsigned i = 0; i < size; ++i) r = (r * 256 + out[i]) % length;
        return r;
      };
      const std::uint64_t a = rest(EVP_sha1(), "key one");
      const std::uint64_t b = rest(EVP_md5(), "key two");
      std::vector<std::uint32_t> got;
      used.positions(token, 50, length, false, got);
      REQUIRE(got.size() == 50);
      for (std::uint64_t i = 0; i < 50; ++i) CHECK(got[i] == (a + i * b) % length);
    }
}

TEST_CASE("BLAKE2b positions go on in further digests, and fewer are a prefix of more") {
  std::vector<std::uint32_t> many, few;
  blake_positions("token", as_bytes("key"), 100, 1024, many);
  blake_positions("token", as_bytes("key"), 33, 1024, few);
  REQUIRE(many.size() == 100);
  REQUIRE(few.size() == 33);
  CHECK(std::equal(few.begin(), few.end(), many.begin()));
  CHECK(std::ranges::max(many) < 1024);
  CHECK(std::set<std::uint32_t>(many.begin(), many.end()).size() > 80);
}
