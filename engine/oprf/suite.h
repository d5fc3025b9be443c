// The suite ristretto255-SHA512 of RFC 9497: the group, and how texts and scalars get into it. Only
// hashing is ours; every operation on a curve point or scalar is libsodium's.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "engine/core/bytes.h"
#include "engine/core/random.h"
#include "engine/core/secret.h"

namespace tessera::oprf {

// A group element in its canonical encoding. What comes from outside is a valid element that is not
// the identity only once an operation has accepted it.
using Element = std::array<std::uint8_t, 32>;
// A scalar, little-endian, reduced modulo the group's order. Secret unless it is part of a proof.
using Scalar = Secret<32>;
using Output = std::array<std::uint8_t, 64>;  // what the function gives for an input

// RFC 9497 3.1. The key service runs in verifiable mode; base mode is there for its vectors.
enum class Mode : std::uint8_t { base = 0, verifiable = 1 };

// Inputs longer than this are refused (RFC 9497 2: lengths are two bytes).
inline constexpr std::size_t kMostInput = 65535;

// expand_message_xmd of RFC 9380 5.3.1 with SHA-512. REQUIRES: out.size() <= 255 * 64,
// dst.size() <= 255, out.size() <= 65535.
void expand_message_xmd(ByteView message, std::string_view dst, std::span<std::uint8_t> out);

// The functions of the suite under one mode's domain separation. Thread safe.
class Suite {
 public:
  explicit Suite(Mode mode);
  // HashToGroup (RFC 9497 4.1). False where the hash is the identity: no input is known that does
  // this.
  bool hash_to_group(ByteView input, Element& out) const;
  // HashToScalar, under the suite's own DST.
  void hash_to_scalar(ByteView message, std::span<std::uint8_t, 32> out) const;
  // DeriveKeyPair (3.2.1): the private key of `seed` and `info`; never zero.
  // REQUIRES: info.size() <= kMostInput.
  Scalar derive_key(std::span<const std::uint8_t, 32> seed, std::string_view info) const;
  // The seed of a proof's weights (2.2.1), from the public key.
  Output composite_seed(const Element& public_key) const;

 private:
  std::string to_group_;
  std::string to_scalar_;
  std::string derive_;
  std::string seed_;
};

// key * base point. REQUIRES: key is not zero.
Element public_key(const Scalar& key);
// A uniformly random scalar that is not zero.
Scalar random_scalar(Random& random);
// 64 uniformly random bytes to a scalar. False if it is zero.
bool reduce(std::span<const std::uint8_t, 64> wide, std::span<std::uint8_t, 32> out);
// False for what is no element in canonical encoding, and for the identity.
bool is_element(const Element& element);
// out = scalar * element. False for an invalid element and where either is the identity or zero.
bool multiply(std::span<const std::uint8_t, 32> scalar, const Element& element, Element& out);

// Length in two bytes, big-endian, then the bytes: how RFC 9497 hashes several texts as one.
// REQUIRES: bytes.size() <= 65535.
void append_prefixed(Bytes& out, ByteView bytes);

}  // namespace tessera::oprf
