// The laboratory's attacks as a verb: declared apart, as only the full build has it.
#pragma once

#include "cli/verb.h"

namespace tessera::cli {

void add_attack(CLI::App& root, Action& chosen);

}  // namespace tessera::cli
