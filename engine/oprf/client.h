// The client's half: hides an input from the service, and finishes what comes back.
#pragma once

#include <span>

#include "engine/core/result.h"
#include "engine/oprf/proof.h"
#include "engine/oprf/suite.h"

namespace tessera::oprf {

// out = blind * HashToGroup(input): a uniformly random element, whatever the input. False if the
// input has no element or the blind is zero. REQUIRES: input.size() <= kMostInput. Thread safe.
bool blind(const Suite& suite, ByteView input, const Scalar& scalar, Element& out);

// The inverses of all scalars, for one inversion and three products each.
// REQUIRES: equal sizes; no scalar is zero.
void invert(std::span<const Scalar> scalars, std::span<Scalar> out);

// Takes the blind off and hashes (Finalize, RFC 9497 3.3.1). Whoever calls has verified the proof.
// False for an invalid element. REQUIRES: input.size() <= kMostInput. Thread safe.
bool finalize(ByteView input, const Scalar& inverse, const Element& evaluated, Output& out);

// Verifies the proofs of a whole batch: proofs[g] is of elements [g * kProofGroup, ...). Error
// `crypto` if one does not hold. REQUIRES: sizes fit. Runs on all threads.
Result<void> verify_batch(const Suite& suite, const Element& public_key,
                          std::span<const Element> blinded, std::span<const Element> evaluated,
                          std::span<const Proof> proofs);

}  // namespace tessera::oprf
