// Records grouped by what the linkage unit can see of them: no name, no value, no truth.
#pragma once

#include <vector>

#include "engine/core/result.h"
#include "engine/link/files.h"
#include "engine/report/groups.h"

namespace tessera::report {

// Groupings of the files' records, numbered as in `files`: "owner", "population", "known fields"
// (names of the compared fields that have a value, by the presence bits; a field of hidden
// presence is never among them), "SSN state", and "passes"
// (how many have all that their key needs). Values are sorted. Reads every pass once. Errors: of a
// file that can no longer be read.
Result<std::vector<Grouping>> visible_groupings(link::FileSet& files);

}  // namespace tessera::report
