// Why a question was asked: the comparison of a record in review with each of its candidates.
#pragma once

#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/link/explain.h"
#include "engine/link/matcher.h"
#include "engine/registry/history.h"

namespace tessera::intake {

// The strongest comparison with a candidate, over the passes in which the two meet. No names and no
// values: levels alone.
struct Evidence {
  registry::StateId id = 0;       // the candidate
  std::string owner;              // whose record it was compared with
  bool met = false;               // false: the entries that met then have changed since
  link::Explanation explanation;  // of `met` only. `logit` is that of the day it was asked
};

// Weighs by the matcher's own tables, without a run's data: the explanation's start is what is left
// of the logit of the day, so the pass's prior and whatever that run's data added. The runner-up is
// the next candidate of the question. Gives one Evidence per candidate, in its order. Reads only.
Result<std::vector<Evidence>> evidence_of(registry::Registry& registry,
                                          const registry::OpenReview& review,
                                          const link::Matcher& matcher);

}  // namespace tessera::intake
