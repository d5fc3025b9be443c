// Retention: how long people are kept who are seen no more, and whose time is over.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

struct DestroyCount {
  std::int64_t records = 0;
  std::uint64_t entries = 0;
  std::int64_t payloads = 0;  // digests of
  ledger::Head head;          // of the registry's chain, which a destruction leaves as it is
};
// Takes out of registry and entry store all that records of archived IDs were encoded to: entries,
// handles, payload digests. Then rewrites both files, so that free pages and logs hold none of it.
// What stays is a tombstone: the ID, its person, and the record keys, which mean nothing without
// the owner's secret. So the ID is never given again, and a record key that comes back keeps it; by
// likeness nobody finds the person any more. Error `conflict`: an ID that is not archived, or a
// question about it is open; nothing is changed then. May be repeated; killed anywhere, run it
// again. REQUIRES: Access::write, in place of a batch; no other process has the files open (else
// error `conflict`, after which it is to be run again).
Result<DestroyCount> destroy_archived(Registry& registry, const std::vector<StateId>& ids,
                                      Progress& progress);

}  // namespace tessera::registry
