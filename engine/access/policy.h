// The one policy function: may this account do that, for this purpose, now, and what does it see?
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/access/levels.h"

namespace tessera::access {

using Time = std::int64_t;  // seconds since 1970 in UTC
inline constexpr Time kDay = 86'400;

// An account is one person's. Times are [made, until); closed: 0, or when.
struct Account {
  std::string name;
  std::string holder;  // the person
  Time made = 0;
  Time until = 0;
  Time closed = 0;
  bool open_at(Time time) const {  // as a report asks of the past; of a request: lived.h
    return made <= time && time < until && (closed == 0 || time < closed);
  }
};

enum class People : std::uint8_t { both = 0, students = 1, staff = 2 };  // persisted
std::string_view name_of(People people);  // "both", "student", "staff"
std::optional<People> people_named(std::string_view name);
// The two ways to a grant. Persisted by name.
enum class Path : std::uint8_t { form = 1, administrator = 2 };
std::string_view name_of(Path path);  // "signed form", "district administrator"

struct Grant {
  std::int64_t id = 0;
  std::string account;
  int level = kMostOpen;  // 1..4; of a set: the level that the set sees as
  std::string set;        // "" or a limited-field set: all records, the set's fields
  std::string owner;      // level 2 and 3: whose records; else ""
  People people = People::both;
  std::vector<std::string> records;  // level 3: record keys (hex); empty: all of the owner's
  bool administrator = false;        // level 2: may give and take grants of its owner
  Path path = Path::form;
  std::string form;      // number of the signed Login Request Form
  std::string approver;  // account that gave it; the first one of all: a person
  Time made = 0;
  Time until = 0;
  Time revoked = 0;  // 0: no
  std::string revoked_by;
  std::string reason;
  bool in_force(Time time) const {  // then
    return made <= time && time < until && (revoked == 0 || time < revoked);
  }
};

// What is asked about. An owner: a change or a list about that owner only.
struct Object {
  std::string owner;
  People people = People::both;
};

// The answer. `grants` are those that allow it; nothing else is seen than what they cover.
struct Decision {
  bool allowed = false;
  std::string why;  // a word or two when refused: for the log, and for the asker
  std::vector<Grant> grants;

  // The least level that covers a record, or 0: it does not exist for this asker. `key` in hex; ""
  // where the question is about the owner's records as such.
  int level_for(std::string_view owner, People people, std::string_view key) const;
  // The same for what is about all records: counts, models, lists of accounts. 0: none.
  int level_for_all() const;
};

// Pure, total, and the only place where access is decided. `account` null: nobody signed in.
// Refuses: no account, account expired or closed, unknown verb, purpose unknown, ended, or not one
// of the verb's, and no grant in force whose level or set the verb names and that covers `object`.
Decision may(const Levels& levels, const Account* account, std::span<const Grant> grants,
             std::string_view verb, const Object& object, std::string_view purpose, Time time);

// Day of a time, "YYYY-MM-DD" (UTC), and back to its first second; nullopt: no such day.
std::string day_of(Time time);
std::optional<Time> time_of_day(std::string_view day);

}  // namespace tessera::access
