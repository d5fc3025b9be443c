// Encoded files of a batch by epoch.
#pragma once

#include <span>
#include <vector>

#include "engine/core/result.h"
#include "engine/intake/epoch_records.h"
#include "engine/link/files.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

struct EpochFiles : EpochRecords {
  link::FileSet* files = nullptr;
};

// As order_epochs says. Error (conflict) too for a registry whose entries are elsewhere.
Result<std::vector<EpochFiles>> by_epoch(const registry::Registry& registry,
                                         std::span<link::FileSet> sets,
                                         Taker taker = Taker::assign);

// Of each epoch, all but the files.
std::vector<EpochRecords> records_of(const std::vector<EpochFiles>& batch);

}  // namespace tessera::intake
