// The join section's bytes as records and handles: what the readers share.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/result.h"
#include "engine/encoded/format.h"

namespace tessera::encoded {

// Takes a section apart. REQUIRES: `bytes` are as long as length_of() says for as many records as
// its first eight bytes count, and `rows` handles. Error `format`: reserved bytes that are not
// zero. What else must hold is validate_join's.
Result<void> decode_join(ByteView bytes, std::uint64_t rows, std::vector<JoinRecord>& records,
                         std::vector<JoinHandle>& handles);

}  // namespace tessera::encoded
