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
#include "engine/registry/epoch_events.h"
#include "engine/registry/removal_events.h"
#include "engine/registry/state_id.h"

namespace tessera::registry {

// Events carry numbers, owners' names, record keys and state IDs: enough to make every ledger table
// again. Never a tag, filter, token, payload digest or level. docs/format/registry-v1.md lists the
// members; a type once written keeps its meaning for ever.

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
  std::string day;         // YYYY-MM-DD, as the command said; empty: it did not
  std::int64_t epoch = 1;  // whose keys the file was encoded under
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
struct Claimed {  // "claim": an owner attaches to a person of other owners; stands until reversed
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
struct SignerNamed {  // "signer": heads signed from here on verify with this key
  std::string key;    // public, hex
};
// What may be collected. Persisted by name; never renumber.
enum class Collect : std::uint8_t { allow = 1, strip = 2, refuse = 3 };
std::string_view name_of(Collect rule);
struct Collection {   // "collect": the stop switch of a field
  std::string field;  // of the schema
  std::string owner;  // "": all
  std::string from;   // day, YYYY-MM-DD
  Collect rule = Collect::allow;
};
struct AccessKept {  // "access": from here on the registry has accounts
  std::string log;   // name of its access log, hex
};
struct Alarmed {  // "alarm"
  std::int64_t batch = 0;
  RecordId record = 0;
  std::string rule;
};

// What people did. `who` names the person that answers for it, `why` says why in their words.
struct Ruled {  // "rule": a person's answer to a question
  std::int64_t review = 0;
  Verdict verdict = Verdict::defer;
  StateId id = 0;  // same, different: the candidate meant; 0: different from all of them
  std::string who, why;
};
// Persisted by name; never renumber.
enum class ChangeKind : std::uint8_t { merge = 1, split = 2, retire = 3, archive = 4, link = 5 };
std::string_view name_of(ChangeKind kind);
struct Changed {  // "change": IDs changed by a person, or a provisional ID resolved by the machine
  std::int64_t change = 0;  // by which it can be undone
  ChangeKind kind = ChangeKind::merge;
  StateId a = 0;  // merge: the ID that goes; split: the one that records leave; link: the student's
  StateId b = 0;  // merge: the survivor; split: the new ID; link: the staff ID; else 0
  PersonId person = 0;            // split: the new person
  std::vector<RecordId> records;  // merge, split: that move
  std::string who, why;
};
struct Undone {  // "undo": a change is taken back
  std::int64_t change = 0;
  StateId into = 0;               // merge, split: whose the records are again; else 0
  std::vector<RecordId> records;  // that move
  std::string who, why;
};
struct MadeLive {  // "live": a provisional or archived ID is permanent and in use
  std::int64_t batch = 0;
  StateId id = 0;
};
struct AliasAdded {  // "alias": an ID's name in another system of the state
  std::string system, alias;
  StateId id = 0;
  std::string who;
};
struct AliasRemoved {  // "unalias"
  std::string system, alias, who;
};

using Happening =
    std::variant<Created, OwnerNamed, Submitted, Assigned, SsnChanged, Claimed, Reviewed, Settled,
                 MarkedDifferent, Alarmed, Ruled, Changed, Undone, MadeLive, AliasAdded,
                 AliasRemoved, SignerNamed, Collection, SsnPurged, AccessKept, EpochOpened, EpochEnded, Destroyed>;

std::string_view type_of(const Happening& happening);
// Canonical JSON: members sorted by name, no blanks.
std::string body_of(const Happening& happening);
// Error `format` for an unknown type, or a member missing or of a wrong kind.
Result<Happening> read_happening(std::string_view type, std::string_view body);

}  // namespace tessera::registry
