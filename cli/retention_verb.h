// tessera retention, which stands beside the verbs of verb.h.
#pragma once

#include "cli/verb.h"

namespace tessera::cli {

void add_retention(CLI::App& root, Action& chosen);

}  // namespace tessera::cli
