// What each field of a comparison adds to the weight: the bars of a waterfall chart.
#pragma once

#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/link/levels.h"
#include "matchers/model.h"

namespace tessera::matchers {

struct FieldStep {
  std::size_t field = 0;   // of the schema
  std::string_view level;  // link::level_names
  double weight = 0;       // nats that the field adds, given those before it
  double running = 0;      // their sum so far
};

// By the model's own tables: ln m(pattern) - ln u(pattern), field by field in the schema's order, u
// being the model's mixture of relatives and strangers. The steps sum to the pattern's weight
// exactly; a run that fitted tables to its data may have weighed a little differently. Error
// `format` if the model has no table for a field.
Result<std::vector<FieldStep>> waterfall(const Model& model, const schema::Schema& schema,
                                         std::size_t pass, const link::Comparator& comparator,
                                         std::uint32_t pattern);

}  // namespace tessera::matchers
