// People and schemas for the tests of the attacks, made once.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/attack/people.h"
#include "engine/schema/key_part.h"
#include "engine/schema/schema.h"

namespace tessera::attack::test {

inline const lab::NameTables& tables() {
  static const auto loaded = lab::NameTables::load(TESSERA_DATA "/synthetic/names");
  REQUIRE(loaded.has_value());
  return *loaded;
}

inline const schema::Schema& usual() {
  static const auto loaded = schema::load("default");
  REQUIRE(loaded.has_value());
  return *loaded;
}

inline std::vector<record::Fields> draw(std::uint32_t count, std::uint64_t seed = 1) {
  Silent silent;
  auto drawn =
      draw_people(tables(), usual(), {.seed = seed, .state_people = count, .count = count}, silent);
  REQUIRE(drawn.has_value());
  return *std::move(drawn);
}

// The default schema with one pass of these key parts, without dummies.
inline schema::Schema one_pass(const std::vector<std::string>& parts) {
  schema::Schema s = usual();
  schema::Pass pass = s.passes.front();
  pass.key.clear();
  pass.least = 1;
  for (const std::string& text : parts) {
    auto part = schema::parse_key_part(text, s);
    REQUIRE(part.has_value());
    pass.key.push_back(*part);
  }
  s.passes = {pass};
  return s;
}

}  // namespace tessera::attack::test
