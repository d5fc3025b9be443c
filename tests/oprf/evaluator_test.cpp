#include "engine/oprf/evaluator.h"

#include <doctest/doctest.h>

#include "tests/oprf/hex_values.h"
#include "tests/oprf/rfc9497.h"

namespace tessera::oprf {
namespace {

TEST_CASE("the evaluator's key is DeriveKeyPair's") {
  const Evaluator service(from<32>(rfc9497::kSeed), rfc9497::kKeyInfo);
  CHECK(to_hex(service.public_key()) == rfc9497::kPublicKey);
}

TEST_CASE("answers are the RFC's elements, with proofs that hold and never repeat") {
  const Evaluator service(from<32>(rfc9497::kSeed), rfc9497::kKeyInfo);
  const auto random = system_random();
  std::vector<Element> blinded;
  for (const auto& v : rfc9497::kVerifiable[2].values) blinded.push_back(from<32>(v.blinded));
  const auto once = service.evaluate(blinded, *random);
  const auto again = service.evaluate(blinded, *random);
  REQUIRE(once);
  REQUIRE(again);
  for (std::size_t i = 0; i < blinded.size(); ++i)
    CHECK(to_hex(once->elements[i]) == rfc9497::kVerifiable[2].values[i].evaluated);
  CHECK(once->proofs[0] != again->proofs[0]);
  CHECK(verify(Suite(Mode::verifiable), service.public_key(), blinded, once->elements,
               once->proofs[0]));
}

TEST_CASE("one invalid element refuses the batch") {
  const Evaluator service(from<32>(rfc9497::kSeed), rfc9497::kKeyInfo);
  const auto random = system_random();
  std::vector<Element> blinded{from<32>(rfc9497::kFirst.blinded), Element{}};
  const auto answer = service.evaluate(blinded, *random);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code == ErrorCode::format);
  blinded[1].fill(0xff);
  CHECK_FALSE(service.evaluate(blinded, *random));
}

}  // namespace
}  // namespace tessera::oprf
