// The stop switch's verbs, for any field or for the SSN alone.
#pragma once

#include <CLI/CLI.hpp>

#include "cli/verb.h"

namespace tessera::cli {

// Adds stop, allow and list to 'tessera collection', where --field says what, or to 'tessera ssn'.
void add_stop_switch(CLI::App& group, Action& chosen, bool ssn);

}  // namespace tessera::cli
