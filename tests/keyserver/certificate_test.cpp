#include "engine/keyserver/certificate.h"

#include <doctest/doctest.h>

using namespace tessera::keyserver;

TEST_CASE("a certificate and its key are PEM, and different each time") {
  const auto a = make_certificate("localhost", 30);
  const auto b = make_certificate("192.0.2.7", 30);
  REQUIRE(a);
  REQUIRE(b);
  CHECK(a->certificate.starts_with("-----BEGIN CERTIFICATE-----"));
  CHECK(a->key.starts_with("-----BEGIN PRIVATE KEY-----"));
  CHECK(a->certificate != b->certificate);
}

TEST_CASE("what is no host is refused") {
  CHECK_FALSE(make_certificate("", 30));
  CHECK_FALSE(make_certificate("a b", 30));
  CHECK_FALSE(make_certificate("host,DNS:other", 30));
}
