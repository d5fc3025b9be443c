// A signature holds for one key, one purpose and one message.
#include "engine/seal/signature.h"

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::seal;

TEST_CASE("what was signed verifies, and nothing else does") {
  const auto random = system_random();
  const KeyPair a = new_key_pair(Use::owner, "a", *random);
  const KeyPair b = new_key_pair(Use::owner, "b", *random);
  const Signature s = sign(a, "purpose", as_bytes("message"));
  CHECK(verify(a.open.bytes, "purpose", as_bytes("message"), s));
  CHECK(!verify(b.open.bytes, "purpose", as_bytes("message"), s));
  CHECK(!verify(a.open.bytes, "purpos", as_bytes("emessage"), s));  // lengths keep them apart
  CHECK(!verify(a.open.bytes, "other", as_bytes("message"), s));
  CHECK(!verify(a.open.bytes, "purpose", as_bytes("messagf"), s));
  CHECK(!verify(PublicBytes{}, "purpose", as_bytes("message"), s));
  for (std::size_t i = 0; i < s.size(); ++i) {
    Signature bent = s;
    bent[i] = static_cast<std::uint8_t>(bent[i] ^ 1);
    CHECK(!verify(a.open.bytes, "purpose", as_bytes("message"), bent));
  }
}

TEST_CASE("the same message signed twice gives the same signature") {
  const auto random = system_random();
  const KeyPair unit = new_key_pair(Use::unit, "unit", *random);
  CHECK(sign(unit, "p", as_bytes("m")) == sign(unit, "p", as_bytes("m")));
}
