// Who of a roster is known already: the maps of earlier files say so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/record/roster.h"

namespace tessera::record {

// Takes out of the roster whoever stands in one of the maps (record,local_id, as encode writes
// them), and gives how many that were. Errors: io, and format with the line, of a map.
Result<std::uint64_t> leave_out_known(Roster& roster, const std::vector<std::string>& maps);

}  // namespace tessera::record
