// Where a batch meets the registry: entries of equal tags, and the pairs of records they give.
#pragma once

#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/intake/by_epoch.h"
#include "engine/intake/weighed.h"
#include "engine/link/files.h"
#include "engine/link/matcher.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// Compares the batch's active records with stored entries and with each other. The candidates of
// one record compete, and the records of one file compete for a person; records of different files
// do not, for they may all be that person. Held records (Crowd) are nobody's candidates. Reads
// only.
//
// `attendance`: for each epoch of the batch, of the records of its files. Each epoch's entries are
// compared among themselves; of what two epochs say of a pair the stronger counts.
Result<Compared> compare(registry::Registry& registry, const std::vector<EpochFiles>& batch,
                         const std::vector<std::vector<Attendance>>& attendance,
                         const link::Matcher& matcher, Progress& progress);

}  // namespace tessera::intake
