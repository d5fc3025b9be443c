// One person as an owner's roster names them, in canonical values. Names and numbers: owner side.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/encoded/format.h"

namespace tessera::record {

// A name in canonical form: upper-case A-Z and single blanks between parts ("GARCIA LOPEZ").
struct Name {
  std::string whole;
  std::vector<std::string> parts;   // at least one; a single name is its own part
  std::vector<std::string> groups;  // given names: per part, the canonical name of its nickname
                                    // group, or the part itself; surnames: equal to parts
};

// What is known of a date. A part that is 0 is missing.
struct Date {
  std::uint16_t year = 0;
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  bool swapped = false;  // only valid with day and month exchanged, and so read
  bool doubted =
      false;  // 1 January in a roster with too many: the year is believed, the day is not
};

// Values per schema field, by kind; empty means missing.
struct Value {
  std::vector<Name>
      names;         // given_name, surname: the current name first, then former or other ones
  std::string text;  // category: canonical value; number and ssn: digits;
                     // middle_name: canonical whole, or its initial alone
  Date date;
};

struct Fields {
  std::string local_id;
  std::vector<Value> values;  // one per schema field, in schema order
  encoded::SsnState ssn_state = encoded::SsnState::not_available;
};

}  // namespace tessera::record
