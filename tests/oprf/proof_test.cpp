#include "engine/oprf/proof.h"

#include <doctest/doctest.h>

#include "tests/oprf/hex_values.h"
#include "tests/oprf/rfc9497.h"

namespace tessera::oprf {
namespace {

const Suite kSuite(Mode::verifiable);
const Element kPublic = from<32>(rfc9497::kPublicKey);

// A batch of the RFC as bytes.
struct Elements {
  std::vector<Element> blinded, evaluated;
  Proof proof;
  explicit Elements(const rfc9497::Batch& batch) : proof(from<64>(batch.proof)) {
    for (const auto& v : batch.values) {
      blinded.push_back(from<32>(v.blinded));
      evaluated.push_back(from<32>(v.evaluated));
    }
  }
  bool holds(const Element& public_key = kPublic) const {
    return verify(kSuite, public_key, blinded, evaluated, proof);
  }
};

TEST_CASE("proofs are those of RFC 9497 A.1.2, byte for byte") {
  for (const auto& batch : rfc9497::kVerifiable) {
    const Elements e(batch);
    Proof proof;
    REQUIRE(prove(kSuite, secret_from(rfc9497::kKey), kPublic, e.blinded, e.evaluated,
                  secret_from(batch.nonce), proof));
    CHECK(to_hex(proof) == batch.proof);
    CHECK(e.holds());
  }
}

TEST_CASE("a proof does not hold for another key") {
  const Elements e(rfc9497::kVerifiable[2]);
  const Scalar other = Suite(Mode::verifiable).derive_key(from<32>(rfc9497::kSeed), "other");
  CHECK_FALSE(e.holds(public_key(other)));
  CHECK_FALSE(e.holds(Element{}));
}

TEST_CASE("elements multiplied by another key are found, even one among many") {
  Elements e(rfc9497::kVerifiable[2]);
  const Scalar other = kSuite.derive_key(from<32>(rfc9497::kSeed), "other");
  REQUIRE(multiply(other.reveal(), e.blinded[1], e.evaluated[1]));
  CHECK_FALSE(e.holds());
  // A service that proves honestly what it did with a wrong key does no better.
  Proof proof;
  REQUIRE(prove(kSuite, other, public_key(other), e.blinded, e.evaluated,
                secret_from(rfc9497::kVerifiable[0].nonce), proof));
  e.proof = proof;
  CHECK_FALSE(e.holds());
}

TEST_CASE("swapped, dropped or repeated elements are found") {
  Elements e(rfc9497::kVerifiable[2]);
  std::swap(e.evaluated[0], e.evaluated[1]);
  CHECK_FALSE(e.holds());
  std::swap(e.blinded[0], e.blinded[1]);  // both swapped: the index is part of the weight
  CHECK_FALSE(e.holds());
  Elements shorter(rfc9497::kVerifiable[2]);
  shorter.blinded.pop_back();
  shorter.evaluated.pop_back();
  CHECK_FALSE(shorter.holds());
  Elements repeated(rfc9497::kVerifiable[2]);
  repeated.evaluated[1] = repeated.evaluated[0];
  CHECK_FALSE(repeated.holds());
}

TEST_CASE("every flipped bit of a proof is found, and scalars that are not reduced") {
  Elements e(rfc9497::kVerifiable[0]);
  for (std::size_t bit = 0; bit < 512; bit += 17) {
    e.proof[bit / 8] = static_cast<std::uint8_t>(e.proof[bit / 8] ^ (1U << (bit % 8)));
    CHECK_FALSE(e.holds());
    e.proof[bit / 8] = static_cast<std::uint8_t>(e.proof[bit / 8] ^ (1U << (bit % 8)));
  }
  REQUIRE(e.holds());
  // c + order: the same residue in other bytes. order = 2^252 + 277423...493, little-endian.
  const auto order = from<32>("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; ++i) {
    const unsigned sum = static_cast<unsigned>(e.proof[i]) + order[i] + carry;
    e.proof[i] = static_cast<std::uint8_t>(sum & 0xff);
    carry = sum >> 8;
  }
  CHECK_FALSE(e.holds());
}

TEST_CASE("bytes that are no elements are refused, not multiplied") {
  Elements e(rfc9497::kVerifiable[0]);
  e.evaluated[0].fill(0xff);
  CHECK_FALSE(e.holds());
  e.evaluated[0].fill(0);
  CHECK_FALSE(e.holds());
  Proof proof;
  e.blinded[0].fill(0);
  CHECK_FALSE(prove(kSuite, secret_from(rfc9497::kKey), kPublic, e.blinded, e.evaluated,
                    secret_from(rfc9497::kKey), proof));
}

}  // namespace
}  // namespace tessera::oprf
