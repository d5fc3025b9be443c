// SSNs in old backups: a purge reaches no copy made before it, so what comes back is purged again.
#pragma once

#include <string>

#include "engine/backup/backup.h"
#include "engine/core/random.h"
#include "engine/registry/collection.h"

namespace tessera::backup {

// Whether the registry at `path` (restored, or in a backup's folder) holds anything of an SSN.
Result<bool> holds_ssn(const std::string& path);

// Stops SSNs for all owners from `day` (YYYY-MM-DD) on, where they are not stopped, and purges:
// registry::purge_ssn. For a registry just restored, with its signing key beside it. Killed half
// way, do it again. Of a registrar's registry its own half goes: the store that was restored with
// it is purged by an order, as ever.
Result<registry::PurgeCount> purge_restored(const std::string& path, const std::string& day,
                                            Random& random, Progress& progress);

}  // namespace tessera::backup
