// Where a batch of slips stands in a registry: both halves of assigning begin with it.
#pragma once

#include <span>
#include <vector>

#include "engine/core/digest.h"
#include "engine/core/result.h"
#include "engine/intake/crowd.h"
#include "engine/intake/epoch_records.h"
#include "engine/intake/weighed.h"
#include "engine/registrar/slip_set.h"
#include "engine/registry/registry.h"

namespace tessera::registrar {

// The slips of one epoch, and who of them is known and has something new to say.
struct EpochSlips : intake::EpochRecords {
  const SlipSet* slips = nullptr;
  std::vector<intake::Attendance> attendance{};  // per record of the files
  Result<intake::Crowd> crowd(registry::Registry& registry) const;
};

// A batch of one or several epochs: the newest first, as intake::order_epochs says.
struct Roll {
  intake::Weighed weighed;  // batch, what is known of each key, and no decision
  std::vector<EpochSlips> epochs;
  // Looks every record key up, with what its owner says its entries come to.
  static Result<Roll> call(registry::Registry& registry, std::span<const SlipSet> sets);
};

// Of each set its epoch; no registry takes files of an epoch that it has not.
Result<std::vector<intake::EpochRecords>> by_epoch(const registry::Registry& registry,
                                                   std::span<const SlipSet> sets);

// The hash of the registry's head.
Result<Sha256> moment_of(registry::Registry& registry);
// SlipSet::batch() of the epoch's files that the registry took in last; zeros if none.
Result<Sha256> last_batch_of(registry::Registry& registry, const registry::Epoch& epoch);
// What a comparer's store of an epoch is called by: for the first epoch the registry's own name.
registry::RegistryName store_name(const registry::Registry& registry, const registry::Epoch& epoch);

}  // namespace tessera::registrar
