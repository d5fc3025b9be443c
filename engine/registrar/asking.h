// Which two entries a reviewer's question hangs on: what a comparer can be asked about.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/registrar/assigning.h"
#include "engine/registry/history.h"
#include "engine/slips/score_file.h"

namespace tessera::registrar {

struct Met {
  registry::StateId id = 0;                  // the candidate
  std::optional<slips::ScoredHandles> best;  // of all its meetings with the record, the strongest
  std::string epoch{};                       // under which that was
};

// One for each candidate of the question, in their order; without `best` where these scores hold no
// meeting of the two, as of another batch. `scores`: of the batch, of one epoch or of several.
// Errors (conflict): scores of a mix for linking, or of another registry. Reads only.
Result<std::vector<Met>> meetings_of(registry::Registry& registry,
                                     const registry::OpenReview& review,
                                     const std::vector<Scores>& scores);

}  // namespace tessera::registrar
