#include "engine/schema/object_reader.h"

#include <doctest/doctest.h>

using namespace tessera;

namespace {

// What is wrong with an object that should hold "name" and may hold "count" from 1 to 9.
std::string fault(const std::string& text) {
  const auto value = json::parse(text, "test");
  REQUIRE(value);
  schema::ObjectReader in(*value, "here");
  std::string name;
  std::uint32_t count = 0;
  in.text("name", name);
  in.count("count", count, 1, 9);
  const auto done = in.finish();
  if (done) return "";
  CHECK(done.error().where == "here");
  return done.error().what;
}

}  // namespace

TEST_CASE("an object's members are read once each, and the first fault is kept") {
  CHECK(fault(R"({"name": "a"})").empty());
  CHECK(fault(R"({"name": "a", "count": 9})").empty());
  CHECK(fault(R"({"count": 10})").find("\"name\": is missing") == 0);
  CHECK(fault(R"({"name": "a", "count": 10})").find("1 to 9") != std::string::npos);
  CHECK(fault(R"({"name": 7})").find("a text") != std::string::npos);
  CHECK(fault("[]").find("an object") != std::string::npos);
}

TEST_CASE("a member that nobody asked for is refused, and the known ones are named") {
  const std::string said = fault(R"({"name": "a", "cuont": 3})");
  CHECK(said.find("\"cuont\"") != std::string::npos);
  CHECK(said.find("name, count") != std::string::npos);
}
