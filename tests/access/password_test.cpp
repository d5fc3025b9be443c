#include "engine/access/password.h"

#include <doctest/doctest.h>

using namespace tessera::access;

TEST_CASE("a hash fits its password, no other, and never twice the same") {
  const auto hash = hash_password("correct horse battery", Work::least);
  REQUIRE(hash);
  CHECK(hash->starts_with("$argon2id$v=19$"));
  CHECK(hash->find("correct") == std::string::npos);
  CHECK(password_fits(*hash, "correct horse battery"));
  CHECK_FALSE(password_fits(*hash, "correct horse battery "));
  CHECK_FALSE(password_fits(*hash, ""));
  CHECK(*hash_password("correct horse battery", Work::least) != *hash);
  for (const char* broken : {"", "$argon2id$", "plain", "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA"})
    CHECK_FALSE(password_fits(broken, "correct horse battery"));
  CHECK_FALSE(password_fits(std::string(500, '$'), "x"));
}

TEST_CASE("a guess at sign-in costs 64 MiB and two rounds, as libsodium advises") {
  const auto hash = hash_password("password", Work::interactive);
  REQUIRE(hash);
  CHECK(hash->find("m=65536,t=2,p=1") != std::string::npos);
  CHECK(password_fits(*hash, "password"));
}

TEST_CASE("short, repeated and self-named passwords are refused") {
  CHECK(fault_of_password("short", "j.doe", 12) != "");
  CHECK(fault_of_password("aaaaaaaaaaaaaaaa", "j.doe", 12) != "");
  CHECK(fault_of_password("my-j.doe-password", "j.doe", 12) != "");
  CHECK(fault_of_password(std::string(1025, 'a') + "b", "j.doe", 12) != "");
  CHECK(fault_of_password("four plain words here", "j.doe", 12) == "");
}
