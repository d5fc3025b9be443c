// A batch of encoded files against the registry: whom each record may be, weighed and decided.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/link/files.h"
#include "engine/link/matcher.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

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

// Checks that the registry takes the files, looks every record key up, compares new and changed
// records with the stored entries of equal tags and with each other, and decides. Reads only.
// Records that have an ID and an unchanged payload are not compared again.
// Errors: conflict (another schema, key or protection), limit, format, io.
//
// `sets`: the files, one set for each epoch. The newest one's records are the batch's, and the
// decisions stand in their order; what older epochs' files say of them counts as well.
Result<Weighed> weigh(registry::Registry& registry, std::span<link::FileSet> sets,
                      const link::Matcher& matcher, Progress& progress, const WhatIf& what_if = {});

// Stages the entries of new and changed records, then commits everything at one moment.
// REQUIRES: the registry was opened with Access::write; `weighed` came from it just now.
Result<registry::Receipt> commit(registry::Registry& registry, std::span<link::FileSet> sets,
                                 const Weighed& weighed, Random& random, Progress& progress);

}  // namespace tessera::intake
