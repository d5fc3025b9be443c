// What a comparer answers a reviewer: one meeting of two stored entries, field by field.
#pragma once

#include <string>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/link/explain.h"
#include "engine/link/matcher.h"
#include "engine/slips/mix_file.h"

namespace tessera::comparer {

// Weighed by the matcher's own tables, so its logit lacks what the run's data added that day.
// `mix`: any of the store's registry, for schema and name. Reads the store once. Errors (conflict):
// another registry's store; a handle that it does not hold; two entries that share no block.
Result<link::Explanation> evidence_of(const std::string& store, const slips::MixFile& mix,
                                      encoded::Handle first, encoded::Handle second,
                                      const link::Matcher& matcher, Progress& progress);

}  // namespace tessera::comparer
