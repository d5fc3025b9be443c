// Whether the handles of a live epoch are the same in both files.
#pragma once

#include "engine/core/result.h"
#include "engine/registry/epoch.h"
#include "engine/registry/handle_map.h"
#include "engine/registry/registry.h"

namespace tessera::registry {

// The current handles: an entry that the map does not know is nobody's; a handle without an entry
// finds nobody. Error `format`. After a purge that was cut short, which the next one ends, handles
// of what it took are let pass.
Result<void> require_same_handles(Registry& registry, HandleMap& map, const Epoch& epoch);
// For a batch that brings SSNs: with its entries nobody could tell any more that a purge was cut
// short, and the handles that it left would look like damage. Error `conflict`. Reads all handles,
// but only where no SSN pass has an entry although there were SSNs.
Result<void> require_no_cut_purge(Registry& registry, HandleMap& map, const Epoch& epoch);

}  // namespace tessera::registry
