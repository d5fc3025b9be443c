// Where the public name tables lie.
#pragma once

#include <string>

#include "engine/core/result.h"

namespace tessera::cli {

// The folder as told (`--names`), or, if that is empty, beside the installed program, or in the
// source tree. Errors: usage, where there is none.
Result<std::string> names_folder(const std::string& told);

}  // namespace tessera::cli
