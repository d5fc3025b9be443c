#include "engine/desk/calendar.h"

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "engine/core/json.h"

using namespace tessera;
using namespace tessera::desk;

namespace {

json::Value shipped() {
  return *json::parse(*read_file(TESSERA_DATA "/calendar/example.json"), "example");
}

// What is wrong with the example once one member of its first collection is another.
std::string fault(const char* list, const char* name, json::Value value) {
  json::Value calendar = shipped();
  json::Array all = *calendar.find(list)->as_array();
  all[0].set(name, std::move(value));
  calendar.set(list, all);
  const auto read = read_calendar(json::to_canonical(calendar), "c");
  return read ? "" : read.error().what;
}

}  // namespace

TEST_CASE("the example reads") {
  const auto calendar = read_calendar(json::to_canonical(shipped()), "c");
  REQUIRE(calendar);
  CHECK(calendar->collections.size() >= 2);
  CHECK(calendar->owners.size() >= 2);
  for (const Collection& c : calendar->collections) CHECK(c.opens <= c.due);
}

TEST_CASE("a member that is missing or wrong is named") {
  CHECK(fault("collections", "name", "fall").empty());
  CHECK(fault("collections", "due", "2026-13-01").find("collections.due") != std::string::npos);
  CHECK(fault("collections", "due", "2020-01-01").find("collections.due") != std::string::npos);
  CHECK(fault("collections", "closes", "2020-01-01").find("closes") != std::string::npos);
  CHECK(fault("collections", "people", "pupils").find("people") != std::string::npos);
  CHECK(fault("collections", "dictionary", "none").find("dictionary") != std::string::npos);
  // Its dictionary ends before it is due.
  CHECK(fault("dictionaries", "until", "2020-01-01").find("dictionary") != std::string::npos);
  CHECK(fault("dictionaries", "schema", "") != "");
  json::Value twice = shipped();
  json::Array all = *twice.find("collections")->as_array();
  all.push_back(all[0]);
  twice.set("collections", all);
  CHECK_FALSE(read_calendar(json::to_canonical(twice), "c"));
  CHECK_FALSE(read_calendar("{}", "c"));
  CHECK_FALSE(read_calendar("[", "c"));
}

TEST_CASE("R44: a dictionary is in force to its last day") {
  Calendar calendar;
  calendar.dictionaries = {{"2026", "aaaaaaaaaa", "2027-09-30"},
                           {"2027", "bbbbbbbbbb", "2028-09-30"}};
  const auto fault = [&](const char* schema, const char* day) {
    const auto may = require_in_force(calendar, schema, day, "north.tess");
    if (may) return std::string();
    CHECK(may.error().code == ErrorCode::conflict);
    CHECK(may.error().where == "north.tess");
    return may.error().what;
  };
  CHECK(fault("aaaaaaaaaa", "2027-09-30").empty());
  const std::string late = fault("aaaaaaaaaa", "2027-10-01");
  CHECK(late.find("2026 was taken until 2027-09-30") != std::string::npos);
  CHECK(late.find("2027 (schema bbbbbbbb, until 2028-09-30)") != std::string::npos);
  CHECK(fault("bbbbbbbbbb", "2027-10-01").empty());
  CHECK(fault("cccccccccc", "2026-10-01").find("of no dictionary") != std::string::npos);
  CHECK(fault("bbbbbbbbbb", "2030-01-01").find("none is in force") != std::string::npos);
}
