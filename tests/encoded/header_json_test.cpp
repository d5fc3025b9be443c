// The header as JSON: there and back, and names of owners.
#include "engine/encoded/header_json.h"

#include <doctest/doctest.h>

#include "tests/encoded/sample.h"

using namespace tessera;

TEST_CASE("a header reads back as itself, in one spelling") {
  for (const std::string_view schema : {samples::kSmallSchema, samples::kWideSchema}) {
    encoded::Header header = samples::make(schema, 0, 1).header;
    header.population = encoded::Population::staff;
    header.protection = encoded::Protection::oprf;
    header.question = schema == samples::kWideSchema;
    header.decoys = !header.question;
    header.schema_digest = {};  // computed, not taken from the header
    const auto text = encoded::header_to_json(header);
    REQUIRE(text);
    CHECK(text->find('\n') == std::string::npos);
    const auto again = encoded::header_from_json(*text);
    REQUIRE(again);
    CHECK(again->owner == header.owner);
    CHECK(again->created == header.created);
    CHECK(again->key_check == header.key_check);
    CHECK(again->population == header.population);
    CHECK(again->protection == header.protection);
    CHECK(again->question == header.question);
    CHECK(again->decoys == header.decoys);
    CHECK((text->find("question") != std::string::npos) == header.question);
    CHECK(again->schema_digest == schema::digest(header.schema));
    CHECK(*encoded::header_to_json(*again) == *text);
    CHECK(!encoded::header_from_json(*text + " "));
    CHECK(!encoded::header_from_json(" " + *text));
  }
  const std::string text =
      *encoded::header_to_json(samples::make(samples::kSmallSchema, 0, 1).header);
  const std::size_t at = text.find("\"schema\"");
  REQUIRE(encoded::header_from_json(std::string(text).insert(at, R"("question":true,)")));
  for (const char* other : {R"("question":false,)", R"("question":1,)", R"("question":null,)"})
    CHECK(!encoded::header_from_json(std::string(text).insert(at, other)));
  CHECK(!encoded::header_from_json("{}"));
  CHECK(!encoded::header_from_json("[]"));
  CHECK(!encoded::header_from_json(""));
}

TEST_CASE("days that are none are not written") {
  encoded::Header header = samples::make(samples::kSmallSchema, 0, 1).header;
  for (const char* day : {"2024-02-29", "2000-02-29", "2026-12-31", "0001-01-01"}) {
    header.created = day;
    CHECK(encoded::header_to_json(header));
  }
  for (const char* day :
       {"", "2026-02-29", "1900-02-29", "2026-00-10", "2026-10-00", "2026-1-10", "2026-10-32",
        "26-10-10", "2026/10/10", "2026-10-1x", "2026-10-101", " 2026-10-1", "2026--1-10"}) {
    header.created = day;
    CHECK(!encoded::header_to_json(header));
  }
}

TEST_CASE("owners' names") {
  for (const char* name : {"a", "District-7", "x.y_z", "0", "-", "..."})
    CHECK(encoded::is_owner(name));
  CHECK(encoded::is_owner(std::string(64, 'x')));
  CHECK(!encoded::is_owner(std::string(65, 'x')));
  for (int c = 0; c < 256; ++c) {
    const char letter = static_cast<char>(c);
    const bool good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '.' || c == '_' || c == '-';
    CHECK(encoded::is_owner(std::string(1, letter)) == good);
  }
  CHECK(!encoded::is_owner(""));
}
