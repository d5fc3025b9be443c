// Handles one after another in the body of a file, sorted, each once.
#pragma once

#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"

namespace tessera::slips {

void append_handles(const std::vector<encoded::Handle>& handles, Bytes& out);
// Takes so many off the front of `body`. Error (format) where there are fewer, or they are not
// sorted and unique.
Result<std::vector<encoded::Handle>> take_handles(ByteView& body, std::uint64_t count);

}  // namespace tessera::slips
