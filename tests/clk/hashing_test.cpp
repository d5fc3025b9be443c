#include "engine/clk/hashing.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

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
    double_positions(token, as_bytes("secret1"), as_bytes("secret2"), 20, 1024, prevent, p);
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
  double_positions("x", as_bytes("a"), as_bytes("b"), 3, 1, true, p);
  CHECK(p == std::vector<std::uint32_t>{0, 0, 0});
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
