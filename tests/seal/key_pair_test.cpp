// Pairs against the published vectors of their curves.
#include "engine/seal/key_pair.h"

#include <algorithm>

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::seal;

namespace {

Secret<32> secret_of(std::string_view hex) {
  Secret<32> out;
  const auto bytes = from_hex(hex);
  REQUIRE(bytes);
  std::ranges::copy(*bytes, out.fill().begin());
  return out;
}

}  // namespace

TEST_CASE("a signing seed gives the public key of RFC 8032, 7.1, test 1") {
  const auto seed = secret_of("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  CHECK(to_hex(public_of(Use::owner, seed)) ==
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
}

TEST_CASE("a scalar gives the public key of RFC 7748, 5.2, after one iteration") {
  const auto scalar = secret_of("0900000000000000000000000000000000000000000000000000000000000000");
  CHECK(to_hex(public_of(Use::entries, scalar)) ==
        "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
  CHECK(public_of(Use::entries, scalar) == public_of(Use::join, scalar));
}

TEST_CASE("new pairs differ, and only an owner's names records") {
  const auto random = system_random();
  for (const Use use : {Use::owner, Use::unit, Use::entries, Use::join}) {
    const KeyPair a = new_key_pair(use, "north", *random);
    const KeyPair b = new_key_pair(use, "north", *random);
    CHECK(a.open.bytes != b.open.bytes);
    CHECK(a.open.bytes == public_of(use, a.secret));
    const bool named = std::ranges::any_of(a.records.reveal(), [](auto x) { return x != 0; });
    CHECK(named == (use == Use::owner));
    CHECK(*use_named(name_of(use)) == use);
  }
  CHECK(!use_named("project"));
}

TEST_CASE("a fingerprint is eight groups of four, of use and key") {
  const PublicBytes bytes{1, 2, 3};
  const std::string print = fingerprint(Use::owner, bytes);
  CHECK(print.size() == 39);
  CHECK(std::ranges::count(print, ' ') == 7);
  CHECK(print == fingerprint(Use::owner, bytes));
  CHECK(print != fingerprint(Use::unit, bytes));
  CHECK(print != fingerprint(Use::owner, PublicBytes{1, 2, 4}));
}
