// Where a batch meets the registry: entries of equal tags, and the pairs of records they give.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/intake/by_epoch.h"
#include "engine/intake/crowd.h"
#include "engine/link/files.h"
#include "engine/link/matcher.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// Pairs with at least one end in the batch, after competition. Records of the batch are numbered as
// in the files, [0, batch); stored ones follow.
struct Compared {
  std::uint32_t batch = 0;
  std::vector<registry::RecordId> stored;  // by number - batch
  std::vector<link::Pair> pairs;           // sorted by (a, b)
  std::vector<float> probability;          // per pair
  std::vector<std::uint32_t> group;        // per record: its file; stored ones share the last
  std::vector<std::uint32_t> unit;  // per record: itself; stored ones: the first of their person
  registry::Stored around;          // the stored side (Registry::around)
  link::Fit fit;                    // of the newest epoch; notes of all
  std::uint64_t entries_compared = 0;
  std::vector<std::uint8_t> held;        // per record of the batch: beyond the bound of a block
  std::vector<std::uint8_t> many_names;  // per record of the batch (Crowd::many_names)
};

// A record of the batch that takes part or stays out.
struct Attendance {
  bool active = true;
  Crowd::Member member;        // to the blocks of its owner
  registry::RecordId own = 0;  // its own earlier self, if that waits in review without an ID: no
                               // candidate and no rival
};

// Compares the batch's active records with stored entries and with each other. The candidates of
// one record compete, and the records of one file compete for a person; records of different files
// do not, for they may all be that person. Held records (Crowd) are nobody's candidates. Reads
// only.
//
// `attendance`: for each epoch of the batch, of the records of its files. Each epoch's entries are
// compared among themselves; of what two epochs say of a pair the stronger counts.
Result<Compared> compare(registry::Registry& registry, const std::vector<EpochFiles>& batch,
                         const std::vector<std::vector<Attendance>>& attendance,
                         const link::Matcher& matcher, Progress& progress);

}  // namespace tessera::intake
