// The registrar's half of a purge of SSNs and of the end of an epoch: it orders, and takes the
// comparer's receipts in.
#pragma once

#include <string>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/registry/collection.h"
#include "engine/registry/epoch.h"
#include "engine/registry/registry.h"
#include "engine/slips/purge_file.h"

namespace tessera::registrar {

struct EpochOrder {
  std::string epoch;  // its name
  slips::PurgeOrder order;
};
// What a comparer needs to purge for this registry as it is: an order for each live epoch that took
// a file, the newest first. Changes nothing, so it may be asked for again. Error (conflict) for a
// registry that holds entries of its own. REQUIRES: SSNs are stopped for all owners.
Result<std::vector<EpochOrder>> order_purge(registry::Registry& registry);

// A receipt, and what it is called in messages.
struct Receipt {
  slips::PurgeReceipt file;
  std::string where;
};
// Takes every byte that comes from an SSN out of the registry, once the comparer has. May be
// repeated with the same receipts; killed anywhere, repeat it. Errors (conflict), and nothing is
// changed: a receipt for another registry, or for an order from before the newest batch; an epoch
// without its receipt; one that names entries that cannot be on the SSN; another process reads the
// files. REQUIRES: Access::write.
Result<registry::PurgeCount> take_receipts(registry::Registry& registry,
                                           const std::vector<Receipt>& receipts, Random& random,
                                           Progress& progress);

// Has the comparer shred its store of an epoch that ended with `end` here.
slips::PurgeOrder order_end(const registry::Registry& registry, const registry::Epoch& epoch,
                            const registry::EpochEnd& end);
// That it did. Error (conflict) for the receipt of another epoch, or of a purge of SSNs.
Result<void> check_ended(const registry::Registry& registry, const registry::Epoch& epoch,
                         const registry::EpochEnd& end, const Receipt& receipt);

}  // namespace tessera::registrar
