#include "engine/keys/hmac.h"

#include <string>

#include <doctest/doctest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "engine/core/random.h"

using namespace tessera;
using keys::Hmac;

namespace {

// HKDF-Extract is HMAC(salt, input); RFC 5869 2.2.
Bytes derive(ByteView salt, ByteView input, ByteView info, std::size_t size) {
  Hmac extract(salt);
  const keys::Mac prk = extract(input);
  Bytes out(size);
  keys::hkdf_expand(extract, prk, info, out);
  return out;
}

Bytes count_up(int first, int last) {
  Bytes out;
  for (int b = first; b <= last; ++b) out.push_back(static_cast<std::uint8_t>(b));
  return out;
}

}  // namespace

TEST_CASE("HMAC-SHA-256 of RFC 4231 section 4") {
  struct Vector {
    Bytes key, data;
    std::string_view mac;
  };
  const Bytes long_key(131, 0xaa);
  auto text = [](std::string_view t) { return Bytes(t.begin(), t.end()); };
  const Vector vectors[] = {
      {Bytes(20, 0x0b), text("Hi There"),
       "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
      {text("Jefe"), text("what do ya want for nothing?"),
       "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
      {Bytes(20, 0xaa), Bytes(50, 0xdd),
       "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
      {count_up(1, 25), Bytes(50, 0xcd),
       "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
      {long_key, text("Test Using Larger Than Block-Size Key - Hash Key First"),
       "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
      {long_key,
       text("This is a test using a larger than block-size key and a larger than block-size data. "
            "The key "
            "needs to be hashed before being used by the HMAC algorithm."),
       "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"}};
  for (const Vector& v : vectors) {
    Hmac mac(v.key);
    CHECK(to_hex(mac(v.data)) == v.mac);
    CHECK(to_hex(mac(v.data)) == v.mac);  // the key stays
    Hmac other(as_bytes("another key"));
    other.rekey(v.key);
    CHECK(to_hex(other(v.data)) == v.mac);
    CHECK(to_hex(mac.clone()(v.data)) == v.mac);
  }
}

namespace {

Bytes draw_bytes(Splitmix& random, std::size_t most) {
  Bytes out(random.below(most + 1));
  for (auto& b : out) b = static_cast<std::uint8_t>(random.next() >> 56);
  return out;
}

// OpenSSL's own HMAC.
Bytes plain_hmac(const EVP_MD* hash, const Bytes& key, const Bytes& message) {
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  // A key of no bytes needs an address: no address means the key before.
  const std::uint8_t none = 0;
  REQUIRE(HMAC(hash, key.empty() ? &none : key.data(), static_cast<int>(key.size()), message.data(),
               message.size(), out.data(), &size) != nullptr);
  out.resize(size);
  return out;
}

}  // namespace

TEST_CASE("both HMACs give what OpenSSL's own gives, for keys and messages of every length") {
  Splitmix random(11);
  for (int i = 0; i < 2000; ++i) {
    const Bytes key = draw_bytes(random, 200);
    const Bytes message = draw_bytes(random, 400);
    CAPTURE(key.size());
    CAPTURE(message.size());
    const keys::Mac mac = Hmac(key)(message);
    CHECK(Bytes(mac.begin(), mac.end()) == plain_hmac(EVP_sha256(), key, message));
    Bytes info = message;
    info.push_back(1);
    const auto out = keys::Expander(key)(message);
    CHECK(Bytes(out.begin(), out.end()) == plain_hmac(EVP_sha512(), key, info));
  }
}

TEST_CASE("HKDF of RFC 5869 appendix A.1 to A.3") {
  CHECK(to_hex(derive(count_up(0, 12), Bytes(22, 0x0b), count_up(0xf0, 0xf9), 42)) ==
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  CHECK(to_hex(derive(count_up(0x60, 0xaf), count_up(0, 0x4f), count_up(0xb0, 0xff), 82)) ==
        "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e"
        "590e09"
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87");
  CHECK(to_hex(derive(Bytes(32, 0), Bytes(22, 0x0b), {}, 42)) ==
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
}

TEST_CASE("a shorter expansion is a prefix of a longer one") {
  const Bytes prk(32, 7);
  Hmac keyed(as_bytes("x"));
  Bytes longest(255 * 32);
  keys::hkdf_expand(keyed, prk, as_bytes("label"), longest);
  for (const std::size_t size :
       {std::size_t{1}, std::size_t{31}, std::size_t{32}, std::size_t{33}, std::size_t{48}}) {
    Bytes out(size);
    keys::hkdf_expand(keyed, prk, as_bytes("label"), out);
    CHECK(std::equal(out.begin(), out.end(), longest.begin()));
  }
  CHECK(Bytes(longest.end() - 32, longest.end()) != Bytes(longest.end() - 64, longest.end() - 32));
}

TEST_CASE("a clone goes its own way") {
  Hmac a(as_bytes("first"));
  Hmac b = a.clone();
  const keys::Mac before = a(as_bytes("m"));
  b.rekey(as_bytes("second"));
  CHECK(a(as_bytes("m")) == before);
  CHECK(b(as_bytes("m")) != before);
}

TEST_CASE("the expander is the first block of HKDF-Expand with SHA-512: an HMAC over info and 01") {
  tessera::keys::Expander a(tessera::as_bytes("0123456789abcdef0123456789abcdef"));
  tessera::keys::Expander b(tessera::as_bytes("0123456789abcdef0123456789abcdeX"));
  tessera::Bytes info{1, 2, 3};
  const auto first = a(info);
  CHECK(info == tessera::Bytes{1, 2, 3});
  CHECK(first == a.clone()(info));
  CHECK(first != b(info));
  // openssl kdf -keylen 64 -kdfopt mode:EXPAND_ONLY -kdfopt digest:SHA512 -kdfopt hexkey:...
  // -kdfopt hexinfo:010203 HKDF
  CHECK(tessera::to_hex(first) ==
        "6e452e85b7a16fa1c43f5d12a00e6474149f1cca5d6548bf5b28d4cb50ffdad60a861e34c81e52c396056bae64"
        "31cb21ec768ddc4cbd690c438ec8aca83e08ef");
}
