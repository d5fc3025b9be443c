#include "matchers/waterfall.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace tessera::matchers {

Result<std::vector<FieldStep>> waterfall(const Model& model, const schema::Schema& schema,
                                         std::size_t pass, const link::Comparator& comparator,
                                         std::uint32_t pattern) {
  constexpr double kLeast = 1e-12;  // a level never seen is rare, not impossible
  double match = 0;                 // ln of the products so far
  double relative = 0;
  double stranger = 0;
  double running = 0;
  std::vector<FieldStep> out;
  for (std::size_t d = 0; d < comparator.digits().size(); ++d) {
    const link::Digit& digit = comparator.digits()[d];
    const std::uint32_t level = comparator.level(pattern, d);
    FieldStep& step = out.emplace_back();
    step.field = digit.field;
    step.level = link::level_names(digit.kind)[level];
    if (level != 0) {
      const Levels* l = find_levels(model, schema, schema.passes[pass], digit.field);
      if (l == nullptr || level >= l->match.size())
        return Error{
            ErrorCode::format,
            fmt::format("the model has no table for field {}", schema.fields[digit.field].name),
            ""};
      match += std::log(std::max(l->match[level], kLeast));
      relative += std::log(std::max(l->relative[level], kLeast));
      stranger += std::log(std::max(l->stranger[level], kLeast));
    }
    const double r = model.relative_share;
    const double top = std::max(relative, stranger);
    const double other =
        top + std::log(r * std::exp(relative - top) + (1 - r) * std::exp(stranger - top));
    step.weight = (match - other) - running;
    running = match - other;
    step.running = running;
  }
  return out;
}

}  // namespace tessera::matchers
