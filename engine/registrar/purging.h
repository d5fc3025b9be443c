// The registrar's half of a purge of SSNs: it orders, and takes the comparer's receipt in.
#pragma once

#include <string>

#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/registry/collection.h"
#include "engine/registry/registry.h"
#include "engine/slips/purge_file.h"

namespace tessera::registrar {

// What the comparer needs to purge for this registry as it is. Changes nothing, so it may be asked
// for again. Error (conflict) for a registry that holds entries of its own. REQUIRES: SSNs are
// stopped for all owners.
Result<slips::PurgeOrder> order_purge(registry::Registry& registry);

// Takes every byte that comes from an SSN out of the registry, once the comparer has. May be
// repeated with the same receipt; killed anywhere, repeat it. Errors (conflict), and nothing is
// changed: a receipt for another registry, or for an order from before the newest batch; one that
// names entries that cannot be on the SSN; another process reads the files. REQUIRES:
// Access::write.
Result<registry::PurgeCount> take_receipt(registry::Registry& registry,
                                          const slips::PurgeReceipt& receipt,
                                          const std::string& where, Random& random,
                                          Progress& progress);

}  // namespace tessera::registrar
