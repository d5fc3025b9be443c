// One group of elements is one piece of work: evaluated and proven by one thread.
#include "engine/oprf/evaluator.h"

#include <algorithm>
#include <atomic>

#include "engine/core/parallel.h"

namespace tessera::oprf {

Evaluator::Evaluator(std::span<const std::uint8_t, 32> seed, std::string_view info)
    : suite_(Mode::verifiable),
      key_(suite_.derive_key(seed, info)),
      public_key_(oprf::public_key(key_)) {}

std::vector<Scalar> Evaluator::draw_nonces(std::size_t elements, Random& random) const {
  std::vector<Scalar> out;
  for (std::size_t at = 0; at < elements; at += kProofGroup) out.push_back(random_scalar(random));
  return out;
}

Result<Evaluated> Evaluator::evaluate(std::span<const Element> blinded,
                                      const std::vector<Scalar>& nonces) const {
  Evaluated out;
  out.elements.resize(blinded.size());
  out.proofs.resize((blinded.size() + kProofGroup - 1) / kProofGroup);
  std::atomic<bool> good{true};
  parallel_for(out.proofs.size(), 1, [&](std::size_t begin, std::size_t end) {
    for (std::size_t g = begin; g < end && good; ++g) {
      const std::size_t at = g * kProofGroup;
      const std::size_t size = std::min(kProofGroup, blinded.size() - at);
      for (std::size_t i = at; i < at + size; ++i)
        if (!multiply(key_.reveal(), blinded[i], out.elements[i])) good = false;
      if (good && !prove(suite_, key_, public_key_, blinded.subspan(at, size),
                         std::span(out.elements).subspan(at, size), nonces[g], out.proofs[g]))
        good = false;
    }
  });
  if (!good)
    return Error{ErrorCode::format, "an element of the request is no valid group element", ""};
  return out;
}

}  // namespace tessera::oprf
