// Which files belong together.
#pragma once

#include <string>

#include "engine/core/result.h"
#include "engine/encoded/format.h"

namespace tessera::encoded {

// Error (conflict) unless both files share schema digest, protection and key check, and so the
// epoch. The message names the two files and what differs.
Result<void> require_same_project(const Header& a, const std::string& a_path, const Header& b,
                                  const std::string& b_path);

}  // namespace tessera::encoded
