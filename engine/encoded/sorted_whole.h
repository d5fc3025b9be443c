// The rows of several columns as one pass, in the order of the file.
#pragma once

#include <span>

#include "engine/encoded/format.h"

namespace tessera::encoded {

// All rows of all parts, sorted by (tag, handle). Every part has the stride of the first, and
// tokens if any part has. Parts are left as they are. Any thread count gives the same.
PassColumns sorted_whole(std::span<const PassColumns* const> parts);

}  // namespace tessera::encoded
