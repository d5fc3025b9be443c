// The records of a batch by epoch, in encoded files or in slips: the newest epoch's are the
// batch's, older ones say more of them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/result.h"
#include "engine/intake/admit_file.h"
#include "engine/registry/epoch.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// Files of one epoch. Views; the files and the registry outlive it.
struct EpochRecords {
  std::size_t set = 0;            // which of the sets given
  std::vector<Arrival> arrivals;  // its files, in the order of their records' numbers
  const registry::Epoch* epoch = nullptr;
  std::vector<std::uint32_t> record;  // of each of their records, its number in the batch
};

// Every population may be looked up; only students and staff get IDs.
enum class Taker : std::uint8_t { assign, look_up };

// `sets`: one for each epoch of the batch, its files as they number their records. The newest epoch
// comes first: what it numbers, the batch numbers alike. Entries of two epochs are never compared
// with each other. Errors: conflict where the registry does not take a file (Registry::accepts), or
// where an older epoch's file has a record that the newest's has not.
Result<std::vector<EpochRecords>> order_epochs(const registry::Registry& registry,
                                               std::vector<std::vector<Arrival>> sets, Taker taker);

// Admits every file (admit_file). Records that are new here stand in a file of every live epoch, so
// that whoever comes back finds them under any of its keys: else error (conflict) that counts them.
Result<void> admit(registry::Registry& registry, const std::vector<EpochRecords>& batch,
                   bool again);

}  // namespace tessera::intake
