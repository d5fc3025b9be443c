#include "engine/schema/variants.h"

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("with_ssn adds a field and a pass on it, and nothing to the other rows") {
  for (const schema::Shipped& shipped : schema::shipped()) {
    const auto plain = schema::load(std::string(shipped.name));
    REQUIRE(plain);
    const auto s = schema::with_ssn(*plain);
    REQUIRE(s);
    CHECK(s->ssn);
    CHECK(s->fields.size() == plain->fields.size() + 1);
    CHECK(s->fields.back().kind == schema::Kind::ssn);
    REQUIRE(s->passes.size() == plain->passes.size() + 1);
    CHECK(s->passes.back().name == "ssn");
    CHECK(s->passes.back().least == 1);
    CHECK(s->passes.back().most == 1);
    CHECK(!s->passes.back().mandatory);
    for (std::size_t p = 0; p < plain->passes.size(); ++p)
      CHECK(s->passes[p].compare == plain->passes[p].compare);
    CHECK(schema::digest(*s) != schema::digest(*plain));
    const auto twice = schema::with_ssn(*s);
    REQUIRE(!twice);
    CHECK(twice.error().code == ErrorCode::usage);
  }
}

TEST_CASE("with_number adds a compared field to every pass and a pass on it") {
  const auto plain = schema::load("default");
  REQUIRE(plain);
  const auto s = schema::with_number(*plain, 7);
  REQUIRE(s);
  CHECK(!s->ssn);
  CHECK(s->fields.back().length == 7);
  CHECK(s->fields.back().hidden_presence);  // as the default's middle name is
  CHECK(!schema::with_number(*schema::load("high-recall"), 7)->fields.back().hidden_presence);
  for (const schema::Pass& p : s->passes) CHECK(p.compare.back() == s->fields.size() - 1);
  CHECK(s->passes.back().text == "number");
  CHECK(!schema::with_number(*s, 7));
  CHECK(!schema::with_number(*plain, 3));  // too short to be an identifier
  CHECK(schema::with_ssn(*s));
}
