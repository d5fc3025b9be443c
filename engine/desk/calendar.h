// The data calendar: which collections there are, when they are due, and under which dictionary.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace tessera::desk {

// A version of the data dictionary: the schema that files are encoded under, until a day.
struct Dictionary {
  std::string name;
  std::string schema;  // digest of the linkage schema, hex
  std::string until;   // last day on which files under it are taken
};
struct Collection {
  std::string name;
  std::string people;  // "student" or "staff"
  std::string dictionary;
  std::string opens, due, closes;  // days, inclusive, in this order
};
// A state's calendar: data, kept with the policy. Days are YYYY-MM-DD.
struct Calendar {
  std::int64_t version = 0;
  std::vector<std::string> owners;  // expected in every collection
  std::vector<Dictionary> dictionaries;
  std::vector<Collection> collections;
};
// Error `format` that names the member: a day that is none or out of order, a dictionary that is
// not listed or ends before a collection that needs it is due, a name given twice.
Result<Calendar> read_calendar(std::string_view text, const std::string& name);

// Whether a file under a schema (digest, hex) may be taken on a day: error `conflict`, for `file`,
// if the calendar's dictionaries do not list it or its last day is past; it names the dictionaries
// that are in force.
Result<void> require_in_force(const Calendar& calendar, std::string_view schema,
                              std::string_view day, const std::string& file);

}  // namespace tessera::desk
