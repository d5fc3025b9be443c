#include "engine/access/levels.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/core/json.h"

using namespace tessera;
using namespace tessera::access;

namespace {
Levels shipped() {
  auto levels = read_levels(shipped_levels(), "shipped");
  REQUIRE(levels);
  return *levels;
}
}  // namespace

TEST_CASE("the shipped policy is the data file, and reads") {
  CHECK(*read_file(TESSERA_DATA "/access/levels.json") == shipped_levels());
  const Levels levels = shipped();
  CHECK(levels.version == 6);
  CHECK(levels.rules.failures == 5);
  for (const auto& [verb, rule] : levels.verbs) {
    CAPTURE(verb);
    CHECK_FALSE(rule.purposes.empty());
    CHECK_FALSE(rule.levels.empty());
    if (rule.change) CHECK(rule.sets.empty());  // a limited-field set only looks
  }
}

TEST_CASE("no answer has a field that is, or comes from, an SSN") {
  const Levels levels = shipped();
  for (const auto& [answer, fields] : levels.answers)
    for (const auto& [field, level] : fields) {
      CAPTURE(answer);
      CAPTURE(field);
      CHECK((field.find("ssn") == std::string::npos || field == "ssn_state"));
      CHECK(field.find("token") == std::string::npos);
      CHECK(field.find("tag") == std::string::npos);
    }
}

TEST_CASE("a level sees what is marked with its number or a higher one; level 1 sees all") {
  const Levels levels = shipped();
  CHECK(levels.shows("id show", "state_id", 4));
  CHECK_FALSE(levels.shows("id show", "history", 3));
  CHECK(levels.shows("id show", "history", 2));
  CHECK_FALSE(levels.shows("review list", "candidates", 2));
  CHECK(levels.shows("review list", "candidates", 1));
  CHECK_FALSE(levels.shows("id show", "a field of tomorrow", 2));
  CHECK(levels.fields_shown("locate answer", 4) == std::vector<std::string>{"answer", "state_id"});
}

TEST_CASE("a policy that leaves something open is refused, and the member named") {
  const json::Value good = *json::parse(shipped_levels(), "shipped");
  const auto fault = [&](std::string_view name, json::Value value) {
    json::Value changed = good;
    changed.set(name, std::move(value));
    const auto read = read_levels(json::to_canonical(changed), "p");
    return read ? std::string() : read.error().what;
  };
  CHECK(fault("version", 0).find("version") != std::string::npos);
  CHECK(fault("sets", json::Object{{"audit", json::Object{{"sees", 1}}}}) != "");
  CHECK(fault("sets", json::Object{}) != "");  // verbs name sets that are not there
  CHECK(fault("purposes", json::Array{}) != "");
  CHECK(fault("answers", json::Object{{"id show", json::Object{{"state_id", 5}}}}) != "");
  CHECK(fault("answers", json::Object{{"id show", json::Object{}}}) != "");
  CHECK(fault("verbs", json::Object{{"id show", json::Object{{"levels", json::Array{7}}}}}) != "");
  CHECK(fault("generic_names", json::Array{1}) != "");
  CHECK(fault("rules", json::Object{}) != "");
}

TEST_CASE("names of offices, groups and owners are no account names") {
  const Levels levels = shipped();
  const std::vector<std::string> owners = {"north", "South_2"};
  for (const char* name : {"admin",
                           "admin2",
                           "districtadmin",
                           "help.desk",
                           "north",
                           "north.admin",
                           "registrar-north",
                           "test",
                           "office7",
                           "ab",
                           "j",
                           "staffstaff",
                           "it",
                           "north-school.office",
                           "school.1",
                           "Jane.Doe",
                           "jane doe",
                           "jane_doe",
                           "",
                           ".",
                           "a.b",
                           "j.1"}) {
    CAPTURE(name);
    CHECK(fault_of_name(levels, owners, name) != "");
  }
  for (const char* name : {"jane.doe", "j.doe", "doe2", "t.schoolcraft", "admin.jane", "li.wu"}) {
    CAPTURE(name);
    CHECK(fault_of_name(levels, owners, name) == "");
  }
}
