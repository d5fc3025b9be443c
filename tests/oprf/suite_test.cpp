#include "engine/oprf/suite.h"

#include <doctest/doctest.h>

#include "tests/oprf/hex_values.h"
#include "tests/oprf/rfc9497.h"

namespace tessera::oprf {
namespace {

std::string xmd(std::string_view message, std::size_t size) {
  Bytes out(size);
  expand_message_xmd(as_bytes(message), "QUUX-V01-CS02-with-expander-SHA512-256", out);
  return to_hex(out);
}

TEST_CASE("expand_message_xmd gives the vectors of RFC 9380 K.3") {
  const std::string long_message = "a512_" + std::string(512, 'a');
  CHECK(xmd("", 32) == "6b9a7312411d92f921c6f68ca0b6380730a1a4d982c507211a90964c394179ba");
  CHECK(xmd("abc", 32) == "0da749f12fbe5483eb066a5f595055679b976e93abe9be6f0f6318bce7aca8dc");
  CHECK(xmd("abcdef0123456789", 32) ==
        "087e45a86e2939ee8b91100af1583c4938e0f5fc6c9db4b107b83346bc967f58");
  CHECK(xmd(long_message, 32) ==
        "57b5f7e766d5be68a6bfe1768e3c2b7f1228b3e4b3134956dd73a59b954c66f4");
  CHECK(xmd("", 128) ==
        "41b037d1734a5f8df225dd8c7de38f851efdb45c372887be655212d07251b921"
        "b052b62eaed99b46f72f2ef4cc96bfaf254ebbbec091e1a3b9e4fb5e5b619d2e"
        "0c5414800a1d882b62bb5cd1778f098b8eb6cb399d5d9d18f5d5842cf5d13d7e"
        "b00a7cff859b605da678b318bd0e65ebff70bec88c753b159a805d2c89c55961");
  CHECK(xmd("abc", 128) ==
        "7f1dddd13c08b543f2e2037b14cefb255b44c83cc397c1786d975653e36a6b11"
        "bdd7732d8b38adb4a0edc26a0cef4bb45217135456e58fbca1703cd6032cb134"
        "7ee720b87972d63fbf232587043ed2901bce7f22610c0419751c065922b48843"
        "1851041310ad659e4b23520e1772ab29dcdeb2002222a363f0c2b1c972b3efe1");
}

TEST_CASE("DeriveKeyPair gives the keys of RFC 9497 A.1") {
  const auto seed = from<32>(rfc9497::kSeed);
  const Scalar base = Suite(Mode::base).derive_key(seed, rfc9497::kKeyInfo);
  CHECK(to_hex(base.reveal()) == rfc9497::kBaseKey);
  const Scalar key = Suite(Mode::verifiable).derive_key(seed, rfc9497::kKeyInfo);
  CHECK(to_hex(key.reveal()) == rfc9497::kKey);
  CHECK(to_hex(public_key(key)) == rfc9497::kPublicKey);
}

TEST_CASE("other seed, info or mode: another key") {
  const auto seed = from<32>(rfc9497::kSeed);
  const Suite suite(Mode::verifiable);
  auto other = seed;
  other[31] ^= 1;
  CHECK(to_hex(suite.derive_key(other, "test key").reveal()) != rfc9497::kKey);
  CHECK(to_hex(suite.derive_key(seed, "test kez").reveal()) != rfc9497::kKey);
}

TEST_CASE("the identity, a wrong encoding and a zero scalar are refused") {
  const Scalar key = secret_from(rfc9497::kKey);
  Element good = public_key(key);
  Element out;
  CHECK(is_element(good));
  CHECK(multiply(key.reveal(), good, out));
  CHECK_FALSE(is_element(Element{}));
  CHECK_FALSE(multiply(key.reveal(), Element{}, out));
  CHECK_FALSE(multiply(Scalar().reveal(), good, out));
  Element odd = good;  // negative field elements are not canonical
  odd[0] ^= 1;
  CHECK_FALSE(is_element(odd));
  CHECK_FALSE(multiply(key.reveal(), odd, out));
  Element high = good;
  high[31] |= 0x80;
  CHECK_FALSE(is_element(high));
  CHECK_FALSE(multiply(key.reveal(), high, out));
}

TEST_CASE("random scalars differ and are reduced") {
  const auto random = system_random();
  const Scalar a = random_scalar(*random);
  const Scalar b = random_scalar(*random);
  CHECK_FALSE(equal_constant_time(a.reveal(), b.reveal()));
  CHECK((a.reveal()[31] & 0xe0) == 0);
}

}  // namespace
}  // namespace tessera::oprf
