// The levels of the policy as data: who may call which verb, and which level each field has.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"

namespace tessera::access {

// Level 1: all records and fields. 2: all fields but those of level 1, own owner's records. 3:
// fields of level 3 and 4, own records. 4: fields of level 4, one record at a time, of all owners.
constexpr int kMostOpen = 4;

struct VerbRule {
  std::vector<int> levels;            // that may call it
  std::vector<std::string> sets;      // limited-field sets that may call it
  std::vector<std::string> purposes;  // one of which must be given
  bool administrator = false;         // a district's administrator may, for its own owner
  bool change = false;                // changes something
  int per_day = 0;                    // requests let through per account and local day; 0: any
};
struct Purpose {
  std::string name;
  std::string owner;  // who answers for it
  std::string until;  // last day, YYYY-MM-DD; empty: open
};
struct Rules {
  int failures = 5;               // wrong passwords in a row until the account is locked
  int lock_minutes = 15;          // for how long
  int session_minutes = 480;      // life of a session
  int account_days = 365;         // life of an account and of a grant, unless renewed
  int initial_password_days = 7;  // an initial password must be changed by then
  int dormant_days = 90;          // without use
  int shared_minutes = 15;        // two origins this close: used by two people?
  int password_least = 12;        // characters
  int utc_offset_minutes = -300;  // local time is UTC plus this; a day of a budget is a local one
};
// What in the locator's questions is an alarm (access/locator.h). Percent, hours and days are
// whole.
struct LocatorRules {
  int opens = 6;          // hour of local time from which a question is ordinary,
  int closes = 20;        // and the first one at which it no longer is
  bool weekend = false;   // whether Saturday and Sunday are ordinary
  int burst = 8;          // so many IDs of other owners' people ...
  int burst_minutes = 5;  // ... within this long
  int hits_after = 10;    // from so many answers of a day on ...
  int hits_least =
      30;          // ... at least this share of them, in percent, found or nearly found somebody
  int owners = 1;  // districts that one account asks for in a day
  int alarm_days = 31;  // how long an alarm is reported
};

// One version of the policy. Immutable once read; thread safe for reading.
struct Levels {
  std::int64_t version = 0;
  std::string effective;  // YYYY-MM-DD
  Rules rules;
  LocatorRules locator;
  std::vector<std::string> generic_names;
  std::vector<Purpose> purposes;
  std::map<std::string, VerbRule, std::less<>> verbs;
  std::map<std::string, int, std::less<>> sets;  // the level a set sees as, in all records
  std::map<std::string, std::map<std::string, int, std::less<>>, std::less<>> answers;

  const VerbRule* verb(std::string_view name) const;
  // Whether somebody of `level` sees a field; what is not listed nobody sees but level 1.
  bool shows(std::string_view answer, std::string_view field, int level) const;
  // In the order of the file.
  std::vector<std::string> fields_shown(std::string_view answer, int level) const;
};

// Error `format` that names the member: a level outside 1..4, a set or purpose that is not defined,
// an answer without fields.
Result<Levels> read_levels(std::string_view text, const std::string& name);
// The policy that ships, as in data/access/levels.json.
std::string_view shipped_levels();

// Why a name cannot be an account's, or "": shorter than 3, other characters than a-z 0-9 . - , or
// made of nothing but generic words, names of owners and numbers ("office2", "districtoffice",
// "north.admin" where north is an owner).
std::string_view fault_of_name(const Levels& levels, const std::vector<std::string>& owners,
                               std::string_view name);

}  // namespace tessera::access
