// What stands between the files of a batch and the decision: plain values, of no file or store.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/intake/crowd.h"
#include "engine/link/matcher.h"
#include "engine/link/pipeline.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// Pairs with at least one end in the batch, after competition. Records of the batch are numbered as
// in the files, [0, batch); stored ones follow.
struct Compared {
  std::uint32_t batch = 0;
  std::vector<registry::RecordId> stored;  // by number - batch, sorted
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
  bool silent = false;   // its ID was retired: stands in its blocks, and is nobody's candidate
  Crowd::Member member;  // to the blocks of its owner
  registry::RecordId own = 0;  // its own earlier self, if that waits in review without an ID: no
                               // candidate and no rival
};

// What is known after weighing and before anything is written.
struct Weighed {
  registry::Batch batch;  // handles and payloads included
  registry::Question question;
  std::vector<registry::Decision> decisions;   // one per record of the batch
  std::vector<std::uint8_t> decided_by_score;  // 1: its record key had no ID to keep
  link::Fit fit;
  std::uint64_t compared = 0;  // pairs of entries
};

// What a trial of thresholds asks for; nothing that it gives may be committed.
struct WhatIf {
  bool as_new = false;   // records are judged as if their keys were unknown: a replay of history
  double automatic = 0;  // probability from which a link needs no person; 0: the matcher's own
  double review = 0;     // probability from which a person looks; 0: the matcher's own
};

}  // namespace tessera::intake
