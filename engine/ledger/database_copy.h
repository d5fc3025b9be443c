// A whole copy of a database that others may be reading: pages, not statements.
#pragma once

#include <string>

#include "engine/core/progress.h"
#include "engine/core/result.h"

namespace tessera::ledger {

// Copies `from`, its write-ahead log included, to the new file `to` (mode 0600), which is synced
// before this returns. What the copy holds is one committed moment of `from`; whoever needs that
// moment to be a certain one holds the write lock meanwhile. Errors: conflict if `to` exists, io.
// On error nothing is left at `to`.
Result<void> copy_database(const std::string& from, const std::string& to, Progress& progress);

}  // namespace tessera::ledger
