// Why a question was asked: the comparison of a record in review with each of its candidates.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "engine/core/result.h"
#include "engine/link/levels.h"
#include "engine/registry/history.h"

namespace tessera::intake {

// The strongest comparison with a candidate, over the passes in which the two meet. No names and no
// values: levels alone.
struct Evidence {
  registry::StateId id = 0;   // the candidate
  std::string owner;          // whose record it was compared with
  std::int32_t decinats = 0;  // combined logit when the question was asked
  bool met = false;           // false: the entries that met then have changed since
  std::size_t pass = 0;
  std::uint32_t pattern = 0;
  bool tokens = false;  // SSN tokens were compared
};

// `weigh` orders comparisons (pass, comparator, pattern); the heaviest counts. Gives one Evidence
// per candidate of the question, in its order. Reads only.
using Weigh = std::function<double(std::size_t, const link::Comparator&, std::uint32_t)>;
Result<std::vector<Evidence>> evidence_of(registry::Registry& registry,
                                          const registry::OpenReview& review, const Weigh& weigh);

}  // namespace tessera::intake
