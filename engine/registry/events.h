// What may happen to the registry: each event as a value, as canonical JSON, and back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/core/digest.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/registry/assign.h"
#include "engine/registry/state_id.h"

namespace tessera::registry {

// Events carry numbers, owners' names, record keys and state IDs: enough to make every ledger table
// again. Never a tag, filter, token, payload digest or comparison level. docs/format/registry-v1.md
// lists the members; a type once written keeps its meaning for ever.

struct Created {         // "create": the first event
  std::string registry;  // hex
  std::string schema;    // digest, hex
  std::string epoch;
  encoded::Protection protection = encoded::Protection::trial;
};
struct OwnerNamed {  // "owner"
  std::int64_t owner = 0;
  std::string name;
};
struct Submitted {  // "submit": one file of a batch
  std::int64_t batch = 0;
  std::int64_t owner = 0;
  encoded::Population population = encoded::Population::student;
  Sha256 file{};
  std::int64_t records = 0;
};
struct Assigned {  // "assign": a record is first seen, or a record in review gets its person
  std::int64_t batch = 0;
  RecordId record = 0;
  bool first = false;  // the four members below are written only then
  std::int64_t owner = 0;
  encoded::Population population = encoded::Population::student;
  encoded::RecordKey key{};
  encoded::SsnState ssn = encoded::SsnState::not_available;
  PersonId person = 0;  // 0: in review
  Space space = Space::student;
  StateId issued = 0;  // an ID issued to `person`, who is new; 0: none
  bool provisional = false;
};
struct SsnChanged {  // "ssn"
  RecordId record = 0;
  encoded::SsnState ssn = encoded::SsnState::not_available;
};
struct Claimed {  // "claim": an owner attaches to a person of other owners
  std::int64_t batch = 0;
  RecordId record = 0;
  PersonId person = 0;
};
struct Reviewed {  // "review": a question for a person
  std::int64_t review = 0;
  std::int64_t batch = 0;
  RecordId record = 0;
  Reason reason = Reason::none;
  std::vector<Suspect> suspects;  // persons only
};
struct Settled {  // "settle": the question has gone: answered by later data, or asked anew
  std::int64_t review = 0;
  std::int64_t batch = 0;
};
struct MarkedDifferent {  // "different": two records are not one person, says a reviewer
  RecordId a = 0, b = 0;  // a < b
};
struct Alarmed {  // "alarm"
  std::int64_t batch = 0;
  RecordId record = 0;
  std::string rule;
};

using Happening = std::variant<Created, OwnerNamed, Submitted, Assigned, SsnChanged, Claimed,
                               Reviewed, Settled, MarkedDifferent, Alarmed>;

std::string_view type_of(const Happening& happening);
// Canonical JSON: members sorted by name, no blanks.
std::string body_of(const Happening& happening);
// Error `format` for an unknown type, or a member missing or of a wrong kind.
Result<Happening> read_happening(std::string_view type, std::string_view body);

}  // namespace tessera::registry
