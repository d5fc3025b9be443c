// One comparison weighed by a matcher's own tables, without the data of any run: for taking apart
// what was decided another day.
#pragma once

#include <vector>

#include "engine/block/tag_join.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/link/explain.h"
#include "engine/link/levels.h"
#include "engine/link/matcher.h"

namespace tessera::link {

struct BareTables {
  std::vector<Comparator> comparators;  // one a pass
  Fit fit;
  // `tokens`: as of Comparator.
  static Result<BareTables> of(const schema::Schema& schema, const Matcher& matcher, bool tokens);
  // Two rows of one block of `candidates` + 1 entries; the pair's records are 0 and 1.
  Pair weigh(std::size_t pass, const encoded::PassColumns& rows, std::size_t a, std::size_t b,
             std::size_t candidates) const;
};

}  // namespace tessera::link
