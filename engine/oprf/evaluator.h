// The service's half: multiplies blinded elements by a key and proves it.
#pragma once

#include <span>
#include <vector>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/oprf/proof.h"
#include "engine/oprf/suite.h"

namespace tessera::oprf {

struct Evaluated {
  std::vector<Element> elements;  // in the order asked
  std::vector<Proof> proofs;      // one for each kProofGroup elements begun
};

// One key of the service in verifiable mode. Thread safe; copies of the key are wiped.
class Evaluator {
 public:
  // k = DeriveKeyPair(seed, info).
  Evaluator(std::span<const std::uint8_t, 32> seed, std::string_view info);
  const Element& public_key() const { return public_key_; }
  // Error `format` if an element is no valid one; nothing is given then. `random` draws the
  // proofs' nonces. Runs on all threads.
  Result<Evaluated> evaluate(std::span<const Element> blinded, Random& random) const {
    return evaluate(blinded, draw_nonces(blinded.size(), random));
  }
  // The same in two steps, for callers that share a generator.
  std::vector<Scalar> draw_nonces(std::size_t elements, Random& random) const;
  // REQUIRES: nonces come from draw_nonces() and were not used before.
  Result<Evaluated> evaluate(std::span<const Element> blinded,
                             const std::vector<Scalar>& nonces) const;

 private:
  Suite suite_;
  Scalar key_;
  Element public_key_;
};

}  // namespace tessera::oprf
