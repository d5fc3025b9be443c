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
