// Retention: how long people are kept who are seen no more, and whose time is over.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/registry/change.h"
#include "engine/registry/registry.h"
#include "engine/registry/state_id.h"

namespace tessera::registry {

// Years since somebody was last in a file, after which they are archived, and then destroyed.
struct RetentionClass {
  Space space = Space::student;
  int archive_after = 0;
  int destroy_after = 0;  // not less than archive_after
};
struct RetentionSchedule {
  std::int64_t version = 0;
  std::vector<RetentionClass> classes;  // one for each space at most; none: kept for ever
};
// Error `format` that names the member.
Result<RetentionSchedule> read_retention(std::string_view text, const std::string& name);

struct DueId {
  StateId id = 0;
  Space space = Space::student;
  std::string last_seen;  // day of the newest batch with a record of the person
  bool destroy = false;   // else to be archived
};
// Whose time is over on a day (YYYY-MM-DD), by state ID: IDs in use that are to be archived, and
// archived ones that are to be destroyed. Nobody whose last batch has no day, and nobody destroyed.
Result<std::vector<DueId>> due_ids(Registry& registry, const RetentionSchedule& schedule,
                                   const std::string& day);

// The newest day that was said of a batch; empty: none was.
Result<std::string> newest_day(Registry& registry);

// What a destruction took, as its event tells it.
struct DestroyCount {
  std::vector<StateId> ids;
  std::int64_t records = 0, entries = 0;
  std::int64_t payloads = 0;  // digests of
  std::string who, why;
  ledger::SignedHead head;  // of the event
};
// Takes out of registry and entry store all that records of archived IDs were encoded to: entries,
// handles, payload digests. Then rewrites both files, so that free pages and logs hold none of it.
// What stays is a tombstone: the ID, its person, and the record keys, which mean nothing without
// the owner's secret. So the ID is never given again, and a record key that comes back keeps it; by
// likeness nobody finds the person any more. The event comes first, in the transaction that takes
// the rows; asked again about IDs of which nothing is left, it finishes what was cut short and
// gives that event's count (no IDs: the newest one's). Error `conflict`: an ID that is not
// archived, or a question about it is open, and nothing is changed then; or nothing was left and no
// event tells of it. REQUIRES: Access::write, in place of a batch; no other process has the files
// open (else error `conflict`, after which it is to be run again).
Result<DestroyCount> destroy_archived(Registry& registry, const std::vector<StateId>& ids,
                                      const Author& author, Progress& progress);
// In an older copy of a registry, which a backup brought back: takes what the event says was taken
// since, of the records that the copy has, whatever ID they have there, and tells it by an event of
// the copy's own. Nothing left of them: changes nothing, and gives zeros.
Result<DestroyCount> destroy_again(Registry& registry, const Destroyed& elsewhere,
                                   Progress& progress);

}  // namespace tessera::registry
