// The files of a batch by epoch: the newest one's records are the batch's, older ones say more of
// them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/core/result.h"
#include "engine/link/files.h"
#include "engine/registry/epoch.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// Files of one epoch. Views; the sets and the registry outlive it.
struct EpochFiles {
  link::FileSet* files = nullptr;
  const registry::Epoch* epoch = nullptr;
  std::vector<std::uint32_t> record;  // of each of their records, its number in the batch
};

// Every population may be looked up; only students and staff get IDs.
enum class Taker : std::uint8_t { assign, look_up };

// The newest epoch first: what it numbers, the batch numbers alike. Entries of two epochs are never
// compared with each other. Errors: conflict where the registry does not take a file
// (Registry::accepts), or where an older epoch's file has a record that the newest's has not.
Result<std::vector<EpochFiles>> by_epoch(const registry::Registry& registry,
                                         std::span<link::FileSet> sets,
                                         Taker taker = Taker::assign);

// Records that are new here stand in a file of every live epoch, so that whoever comes back finds
// them under any of its keys. Error (conflict) that counts those that do not.
Result<void> require_every_epoch(registry::Registry& registry,
                                 const std::vector<EpochFiles>& batch);

}  // namespace tessera::intake
