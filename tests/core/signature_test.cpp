#include "engine/core/signature.h"

#include <sys/stat.h>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "tests/ledger/scratch.h"

using namespace tessera;

namespace {

struct Vector {
  const char* seed;
  const char* key;
  const char* message;
  const char* signature;
};
// RFC 8032, section 7.1, tests 1 to 3.
constexpr Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6594a7c15e9716ed28dc027beceea1ec40a"}};

SigningKey key_of(const char* hex) {
  const Bytes seed = *from_hex(hex);
  return SigningKey::from_seed(std::span<const std::uint8_t, 32>(seed.data(), 32));
}

}  // namespace

TEST_CASE("the published signatures, and none after a changed bit") {
  for (const Vector& v : kVectors) {
    const SigningKey key = key_of(v.seed);
    CHECK(to_hex(key.public_key()) == v.key);
    Bytes message = *from_hex(v.message);
    Signature signature = key.sign(message);
    CHECK(to_hex(signature) == v.signature);
    CHECK(verifies(key.public_key(), message, signature));
    signature[5] ^= 1;
    CHECK_FALSE(verifies(key.public_key(), message, signature));
    signature[5] ^= 1;
    message.push_back(0);
    CHECK_FALSE(verifies(key.public_key(), message, signature));
  }
}

TEST_CASE("key files: private, refused if readable by others, exact in form") {
  const test::Scratch scratch;
  const std::string path = scratch / "signer";
  const SigningKey key = key_of(kVectors[0].seed);
  REQUIRE(key.write(path));
  CHECK_FALSE(key.write(path));  // never overwritten
  const auto back = SigningKey::read(path);
  REQUIRE(back);
  CHECK(back->public_key() == key.public_key());
  REQUIRE(chmod(path.c_str(), 0644) == 0);
  CHECK_FALSE(SigningKey::read(path));
  const std::string shown = scratch / "public";
  REQUIRE(write_file(shown, public_key_text(key.public_key()), {}));
  CHECK(*read_public_key(shown) == key.public_key());
  REQUIRE(chmod(path.c_str(), 0600) == 0);
  CHECK_FALSE(read_public_key(path));  // the one is not the other
  CHECK_FALSE(SigningKey::read(shown));
  for (const char* text : {"", "tessera-public-key-v1 00\n", "tessera-public-key-v1 zz"}) {
    REQUIRE(write_file(shown, text, {.force = true}));
    CHECK_FALSE(read_public_key(shown));
  }
}
