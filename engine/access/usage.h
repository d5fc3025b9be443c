// Reading the access log back: who saw, who could have seen, and which accounts need a look.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/access/access_log.h"

namespace tessera::access {

// A time span [from, until); until 0: no end.
struct Span {
  Time from = 0;
  Time until = 0;
  bool holds(Time t) const { return t >= from && (until == 0 || t < until); }
};

// One answer in which a state ID was shown.
struct Sight {
  std::int64_t event = 0;
  Time time = 0;
  std::string account, verb, purpose;
  std::string fields;  // shown, separated by blanks
};
// Answers of the span that showed the ID, by listing it or as part of a batch for which `in_batch`
// is true. `field` empty: any.
Result<std::vector<Sight>> who_saw(AccessLog& log, const std::string& state_id,
                                   const std::function<bool(std::int64_t)>& in_batch,
                                   const std::string& field, Span span);

// What somebody who had an account's password, a session or one answer may have seen (R69).
struct Exposure {
  std::string account;     // ""; any
  std::string session;     // as the log names it; "": any
  std::int64_t event = 0;  // one answer or output by its number; 0: any
  Span span;
};
// An answer of the log, with the state IDs that it lists. An `assign` lists none: they are those of
// its batch.
struct Answer {
  Sight sight;
  std::string session;
  std::vector<std::string> ids;
  std::int64_t rows = 0;
  std::int64_t batch = 0;
};
// In the order of the log.
Result<std::vector<Answer>> answers_of(AccessLog& log, const Exposure& exposure);

// What a record is to the policy.
struct Record {
  std::string owner;
  People people = People::students;
  std::string key;  // hex
};
struct Possible {
  std::string account, verb;
  std::string fields;  // separated by blanks
  int level = 0;
  std::int64_t grant = 0;  // the one that gives this level
  std::string form, approver;
  Span span;
};
// For every account, verb and moment of the span: what may() would have let it see of the records,
// with the accounts, grants and policies as they were. Neighbouring spans with the same fields are
// one. `field` empty: any. REQUIRES: span.until > 0.
Result<std::vector<Possible>> who_could_see(AccessLog& log, const std::vector<Record>& records,
                                            const std::string& field, Span span);

struct Finding {
  std::string account;
  std::string finding;  // "dormant", "shared use", "locked", "expired", "no grant", "level 1"
  Time since = 0;
  std::string detail;
};
// Accounts that need a look: unused for the policy's dormant_days, used from two origins within its
// shared_minutes, locked lately, expired, without a grant in force, and each holder of level 1.
Result<std::vector<Finding>> findings(AccessLog& log, Time now);

// Counts of events by type, and of requests refused, by "type" or "refused: why". No name.
Result<std::vector<std::pair<std::string, std::int64_t>>> tally(AccessLog& log);

}  // namespace tessera::access
