#include "engine/oprf/client.h"

#include <doctest/doctest.h>

#include "engine/oprf/evaluator.h"
#include "tests/oprf/hex_values.h"
#include "tests/oprf/rfc9497.h"

namespace tessera::oprf {
namespace {

// Blinds, evaluates and finishes one vector; everything on the way is the RFC's.
void check_vector(const Suite& suite, const Scalar& key, const rfc9497::Value& v) {
  const Bytes input = *from_hex(v.input);
  const Scalar scalar = secret_from(v.blind);
  Element blinded;
  REQUIRE(blind(suite, input, scalar, blinded));
  CHECK(to_hex(blinded) == v.blinded);
  Element evaluated;
  REQUIRE(multiply(key.reveal(), blinded, evaluated));
  CHECK(to_hex(evaluated) == v.evaluated);
  std::vector<Scalar> scalars, inverses(1);
  scalars.push_back(scalar.clone());
  invert(scalars, inverses);
  Output output;
  REQUIRE(finalize(input, inverses[0], evaluated, output));
  CHECK(to_hex(output) == v.output);
}

TEST_CASE("base mode gives the vectors of RFC 9497 A.1.1") {
  for (const auto& v : rfc9497::kBase)
    check_vector(Suite(Mode::base), secret_from(rfc9497::kBaseKey), v);
}

TEST_CASE("verifiable mode gives the vectors of RFC 9497 A.1.2") {
  for (const auto& batch : rfc9497::kVerifiable)
    for (const auto& v : batch.values)
      check_vector(Suite(Mode::verifiable), secret_from(rfc9497::kKey), v);
}

TEST_CASE("batch inversion inverts each scalar") {
  const auto random = system_random();
  for (const std::size_t n : {1U, 2U, 3U, 17U}) {
    std::vector<Scalar> scalars, inverses(n);
    for (std::size_t i = 0; i < n; ++i) scalars.push_back(random_scalar(*random));
    invert(scalars, inverses);
    for (std::size_t i = 0; i < n; ++i) {
      const Element at = public_key(scalars[i]);
      Element back;
      REQUIRE(multiply(inverses[i].reveal(), at, back));
      std::array<std::uint8_t, 32> one{1};
      CHECK(back == public_key(Scalar(one)));
    }
  }
}

// A batch over two proof groups, and its honest answer.
struct Exchange {
  Suite suite{Mode::verifiable};
  Evaluator service{from<32>(rfc9497::kSeed), "dob_last"};
  std::vector<Element> blinded;
  Evaluated answer;
  explicit Exchange(std::size_t n) {
    const auto random = system_random();
    for (std::size_t i = 0; i < n; ++i) blinded.push_back(public_key(random_scalar(*random)));
    auto evaluated = service.evaluate(blinded, *random);
    REQUIRE(evaluated);
    answer = *std::move(evaluated);
  }
  bool holds() const {
    return verify_batch(suite, service.public_key(), blinded, answer.elements, answer.proofs)
        .has_value();
  }
};

TEST_CASE("a batch is proven group by group, and an error in any group is found") {
  Exchange e(kProofGroup + 3);
  REQUIRE(e.answer.proofs.size() == 2);
  CHECK(e.holds());
  std::swap(e.answer.proofs[0], e.answer.proofs[1]);
  CHECK_FALSE(e.holds());
  std::swap(e.answer.proofs[0], e.answer.proofs[1]);
  e.answer.elements[kProofGroup + 1] = e.answer.elements[0];
  CHECK_FALSE(e.holds());
}

TEST_CASE("an empty batch has nothing to prove") {
  const Exchange e(0);
  CHECK(e.answer.proofs.empty());
  CHECK(e.holds());
}

TEST_CASE("two services in sequence are one function with the product of their keys") {
  const Suite suite(Mode::verifiable);
  const auto seed = from<32>(rfc9497::kSeed);
  const Scalar first = suite.derive_key(seed, "first");
  const Scalar second = suite.derive_key(seed, "second");
  const auto random = system_random();
  const Bytes input = *from_hex("00");
  auto through = [&](const Scalar& a, const Scalar& b) {
    std::vector<Scalar> scalars, inverses(1);
    scalars.push_back(random_scalar(*random));
    Element e;
    REQUIRE(blind(suite, input, scalars[0], e));
    REQUIRE(multiply(a.reveal(), e, e));
    REQUIRE(multiply(b.reveal(), e, e));
    invert(scalars, inverses);
    Output out;
    REQUIRE(finalize(input, inverses[0], e, out));
    return out;
  };
  CHECK(through(first, second) == through(second, first));
  CHECK(through(first, second) != through(first, first));
}

}  // namespace
}  // namespace tessera::oprf
