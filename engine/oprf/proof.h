// The proof that every element of a group was multiplied by the key behind a known public key:
// RFC 9497's batched proof of equal discrete logarithms (2.2).
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "engine/oprf/suite.h"

namespace tessera::oprf {

using Proof = std::array<std::uint8_t, 64>;  // scalars c and s, as the RFC writes them

// Elements under one proof, at most. The RFC's index has two bytes; smaller groups let threads
// share a batch, at 64 bytes and four multiplications a group.
inline constexpr std::size_t kProofGroup = 4096;

// Proves that evaluated[i] = key * blinded[i] for all i. `nonce` must be random, secret, used once:
// two proofs with one nonce give the key away. False if an element is invalid.
// REQUIRES: equal sizes from 1 to kProofGroup; public_key is key's. Thread safe.
bool prove(const Suite& suite, const Scalar& key, const Element& public_key,
           std::span<const Element> blinded, std::span<const Element> evaluated,
           const Scalar& nonce, Proof& out);

// True if the proof holds. Checks every element and scalar itself: all may come from outside.
// REQUIRES: equal sizes from 1 to kProofGroup. Thread safe.
bool verify(const Suite& suite, const Element& public_key, std::span<const Element> blinded,
            std::span<const Element> evaluated, const Proof& proof);

}  // namespace tessera::oprf
