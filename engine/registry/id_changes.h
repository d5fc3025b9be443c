// What a person does to state IDs: merge, split, retire, archive, link, and take any of it back.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/registry/change.h"

namespace tessera::registry {

// Each function below is one transaction on a registry opened with Access::write, and makes the
// events that `Change` describes. None of them breaks the three invariants: an ID never leaves its
// person, a retired ID resolves for ever, nobody has two that are in use. Errors: `usage` (author;
// an ID that was never issued), `conflict` (what the IDs' states do not allow, with the remedy).

// Where an ID leads today.
struct Resolved {
  StateId id = 0;  // at the end of the chain of survivors
  Space space = Space::student;
  PersonId person = 0;     // of that ID
  std::int64_t state = 0;  // IdState of that ID
};
// Error `usage` if the ID was never issued here.
Result<Resolved> resolve(ledger::Database& database, StateId id);
// The ID of a person (each has exactly one, ever), resolved.
Result<Resolved> resolve_person(ledger::Database& database, PersonId person);

struct Made {
  std::int64_t change = 0;  // for undo
  StateId id = 0;           // merge: the survivor; split: the new ID; else the ID itself
  std::size_t records = 0;  // that moved
  ledger::Head head;
};

// `from` retires and resolves to `into`; its records move. Both in use, of one space. Refused where
// a person decided that they are two, unless `despite_different`.
Result<Made> merge_ids(Registry& registry, StateId from, StateId into, const Author& author,
                       bool despite_different = false);
// The records of `owner` (all of them, or those with `keys`) leave the ID for a new one, and are
// remembered as different from those that stay. Reverses the claims of the records that leave.
// Something must stay.
Result<Made> split_id(Registry& registry, StateId id, const std::string& owner,
                      const std::vector<encoded::RecordKey>& keys, const Author& author,
                      Random& random);
// The ID goes out of use without a survivor: issued in error. Nothing is matched to it any more,
// and its records get `conflict` until the change is undone.
Result<Made> retire_id(Registry& registry, StateId id, const Author& author);
// The person has left school. Still found, and back in use with the next record that is theirs.
Result<Made> archive_id(Registry& registry, StateId id, const Author& author);
// One human being with a student ID and a staff ID.
Result<Made> link_ids(Registry& registry, StateId student, StateId staff, const Author& author);
// Takes a change back. Of a merge: the retired ID is in use again, with those of its records that
// the survivor still has. Of a split: the new ID retires into the old one, with all its records.
Result<Made> undo_change(Registry& registry, std::int64_t change, const Author& author);

struct ChangeLine {
  std::int64_t change = 0;
  ChangeKind kind = ChangeKind::merge;
  StateId a = 0, b = 0;
  std::string who, why;
  bool undone = false;
  std::string undone_who, undone_why;
};
// Changes that name the ID, or all (id 0), oldest first.
Result<std::vector<ChangeLine>> changes_of(Registry& registry, StateId id);

}  // namespace tessera::registry
