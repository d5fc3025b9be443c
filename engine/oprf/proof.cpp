// Composites, challenge and response of the batched proof.
#include "engine/oprf/proof.h"

#include <algorithm>

#include <sodium.h>

namespace tessera::oprf {
namespace {

using PublicScalar = std::array<std::uint8_t, 32>;

// The weight of element i: a hash of the key's seed, the index and both elements.
class Weights {
 public:
  Weights(const Suite& suite, const Element& public_key) : suite_(suite) {
    append_prefixed(message_, suite.composite_seed(public_key));
    fixed_ = message_.size();
  }
  PublicScalar of(std::size_t i, const Element& blinded, const Element& evaluated) {
    message_.resize(fixed_);
    message_.push_back(static_cast<std::uint8_t>(i >> 8));
    message_.push_back(static_cast<std::uint8_t>(i & 0xff));
    append_prefixed(message_, blinded);
    append_prefixed(message_, evaluated);
    const ByteView label = as_bytes("Composite");
    message_.insert(message_.end(), label.begin(), label.end());
    PublicScalar out;
    suite_.hash_to_scalar(message_, out);
    return out;
  }

 private:
  const Suite& suite_;
  Bytes message_;
  std::size_t fixed_ = 0;
};

// sum += weight * element. False for an invalid element, or a zero weight (probability 2^-252).
bool add_weighted(const PublicScalar& weight, const Element& element, Element& sum) {
  Element term;
  return multiply(weight, element, term) &&
         crypto_core_ristretto255_add(sum.data(), sum.data(), term.data()) == 0;
}

PublicScalar challenge(const Suite& suite, const Element& public_key, const Element& m,
                       const Element& z, const Element& t2, const Element& t3) {
  Bytes message;
  for (const Element* e : {&public_key, &m, &z, &t2, &t3}) append_prefixed(message, *e);
  const ByteView label = as_bytes("Challenge");
  message.insert(message.end(), label.begin(), label.end());
  PublicScalar out;
  suite.hash_to_scalar(message, out);
  return out;
}

// Canonical: below the group's order. libsodium reduces silently, the RFC wants a refusal.
bool is_reduced(std::span<const std::uint8_t, 32> scalar) {
  std::array<std::uint8_t, 64> wide{};
  std::ranges::copy(scalar, wide.begin());
  PublicScalar reduced;
  crypto_core_ristretto255_scalar_reduce(reduced.data(), wide.data());
  return std::ranges::equal(reduced, scalar);
}

// out = a * x + b * y, where zero scalars are allowed (their product is the identity, all zeros).
bool combine(std::span<const std::uint8_t, 32> a, const Element& x,
             std::span<const std::uint8_t, 32> b, const Element& y, Element& out) {
  Element left{};
  Element right{};
  if (sodium_is_zero(a.data(), a.size()) == 0 && !multiply(a, x, left)) return false;
  if (sodium_is_zero(b.data(), b.size()) == 0 && !multiply(b, y, right)) return false;
  return crypto_core_ristretto255_add(out.data(), left.data(), right.data()) == 0;
}

Element base_point() {
  const std::array<std::uint8_t, 32> one{1};
  Element out{};
  if (crypto_scalarmult_ristretto255_base(out.data(), one.data()) != 0) out.fill(0);
  return out;
}

}  // namespace

bool prove(const Suite& suite, const Scalar& key, const Element& public_key,
           std::span<const Element> blinded, std::span<const Element> evaluated,
           const Scalar& nonce, Proof& out) {
  Weights weights(suite, public_key);
  Element m{};
  for (std::size_t i = 0; i < blinded.size(); ++i)
    if (!add_weighted(weights.of(i, blinded[i], evaluated[i]), blinded[i], m)) return false;
  Element z;  // = sum of weight * evaluated, with one multiplication
  Element t3;
  if (!multiply(key.reveal(), m, z) || !multiply(nonce.reveal(), m, t3)) return false;
  const Element t2 = oprf::public_key(nonce);
  const PublicScalar c = challenge(suite, public_key, m, z, t2, t3);
  Scalar product;
  crypto_core_ristretto255_scalar_mul(product.fill().data(), c.data(), key.reveal().data());
  std::ranges::copy(c, out.begin());
  crypto_core_ristretto255_scalar_sub(out.data() + 32, nonce.reveal().data(),
                                      product.reveal().data());
  return true;
}

bool verify(const Suite& suite, const Element& public_key, std::span<const Element> blinded,
            std::span<const Element> evaluated, const Proof& proof) {
  const std::span<const std::uint8_t, 32> c(proof.data(), 32);
  const std::span<const std::uint8_t, 32> s(proof.data() + 32, 32);
  if (!is_reduced(c) || !is_reduced(s) || !is_element(public_key)) return false;
  Weights weights(suite, public_key);
  Element m{};
  Element z{};
  for (std::size_t i = 0; i < blinded.size(); ++i) {
    const PublicScalar weight = weights.of(i, blinded[i], evaluated[i]);
    if (!add_weighted(weight, blinded[i], m) || !add_weighted(weight, evaluated[i], z))
      return false;
  }
  Element t2;
  Element t3;
  if (!combine(s, base_point(), c, public_key, t2) || !combine(s, m, c, z, t3)) return false;
  return equal_constant_time(challenge(suite, public_key, m, z, t2, t3), c);
}

}  // namespace tessera::oprf
