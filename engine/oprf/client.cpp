// Blinding, unblinding, and the check of a batch.
#include "engine/oprf/client.h"

#include <algorithm>
#include <atomic>

#include <sodium.h>

#include "engine/core/parallel.h"

namespace tessera::oprf {

bool blind(const Suite& suite, ByteView input, const Scalar& scalar, Element& out) {
  Element hashed;
  const bool ok = suite.hash_to_group(input, hashed) && multiply(scalar.reveal(), hashed, out);
  wipe(hashed);  // whoever sees it can test guesses of the input
  return ok;
}

void invert(std::span<const Scalar> scalars, std::span<Scalar> out) {
  if (scalars.empty()) return;
  // out[i] holds the product of the scalars before i; then the inverse of all is carried back.
  Scalar product = scalars[0].clone();
  for (std::size_t i = 1; i < scalars.size(); ++i) {
    out[i] = product.clone();
    crypto_core_ristretto255_scalar_mul(product.fill().data(), product.reveal().data(),
                                        scalars[i].reveal().data());
  }
  Scalar inverse;
  crypto_core_ristretto255_scalar_invert(inverse.fill().data(), product.reveal().data());
  for (std::size_t i = scalars.size(); i-- > 1;) {
    crypto_core_ristretto255_scalar_mul(out[i].fill().data(), out[i].reveal().data(),
                                        inverse.reveal().data());
    crypto_core_ristretto255_scalar_mul(inverse.fill().data(), inverse.reveal().data(),
                                        scalars[i].reveal().data());
  }
  out[0] = std::move(inverse);
}

bool finalize(ByteView input, const Scalar& inverse, const Element& evaluated, Output& out) {
  Element plain;
  if (!multiply(inverse.reveal(), evaluated, plain)) return false;
  Bytes message;
  message.reserve(input.size() + 48);
  append_prefixed(message, input);
  append_prefixed(message, plain);
  const ByteView label = as_bytes("Finalize");
  message.insert(message.end(), label.begin(), label.end());
  crypto_hash_sha512(out.data(), message.data(), message.size());
  wipe(message);
  wipe(plain);
  return true;
}

Result<void> verify_batch(const Suite& suite, const Element& public_key,
                          std::span<const Element> blinded, std::span<const Element> evaluated,
                          std::span<const Proof> proofs) {
  std::atomic<bool> good{true};
  parallel_for(proofs.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t g = begin; g < end && good; ++g) {
      const std::size_t at = g * kProofGroup;
      const std::size_t size = std::min(kProofGroup, blinded.size() - at);
      if (!verify(suite, public_key, blinded.subspan(at, size), evaluated.subspan(at, size),
                  proofs[g]))
        good = false;
    }
  });
  if (!good)
    return Error{ErrorCode::crypto,
                 "the answer's proof does not hold: it was not made with the key that the schema "
                 "names, or was changed on its way",
                 ""};
  return {};
}

}  // namespace tessera::oprf
