// The registry's mark that it has accounts, so that taking the access log away opens no door.
#pragma once

#include <optional>
#include <string>

#include "engine/registry/entry_store.h"

namespace tessera::registry {

// The name of the access log that belongs to a registry; nullopt: it has no accounts. Reads one
// row, takes no lock.
Result<std::optional<RegistryName>> access_log_of(const std::string& registry_path);

}  // namespace tessera::registry
