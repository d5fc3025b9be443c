// What the verbs of `tessera registry` share.
#pragma once

#include <string_view>

#include "cli/verb.h"
#include "engine/registry/batch.h"

namespace tessera::cli {

// epoch add, list, left, end, check; in cmd_registry_epoch.cpp.
void add_registry_epoch(CLI::App& registry, Action& chosen);

// Eight hex digits, as 'tessera key show' prints them. Error `usage`.
Result<registry::KeyCheck> parse_key_check(std::string_view text);

}  // namespace tessera::cli
