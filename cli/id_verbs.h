// The parts of 'tessera id', one source each.
#pragma once

#include "cli/verb.h"
#include "engine/core/json.h"
#include "engine/registry/id_changes.h"

namespace tessera::cli {

void add_id_changes(CLI::App& group, Action& chosen);
void add_id_alias(CLI::App& group, Action& chosen);

json::Value change_json(const registry::ChangeLine& change);
std::string change_text(const registry::ChangeLine& change);

}  // namespace tessera::cli
