// Patterns drawn from known tables, through a schema's own comparators.
#pragma once

#include <vector>

#include "engine/core/random.h"
#include "engine/link/matcher.h"
#include "matchers/model.h"

namespace tessera::test {

enum class Class { match, relative, stranger };

// A pattern whose levels are drawn from the model's tables for the pass; missing with chance
// `missing`.
inline std::uint32_t draw_pattern(const matchers::Model& model, const schema::Schema& schema,
                                  std::size_t pass, const link::Comparator& comparator, Class c,
                                  double missing, Splitmix& random) {
  std::uint32_t pattern = 0;
  for (const link::Digit& d : comparator.digits()) {
    const matchers::Levels& l = *matchers::find_levels(model, schema, schema.passes[pass], d.field);
    const std::vector<double>& p = c == Class::match      ? l.match
                                   : c == Class::relative ? l.relative
                                                          : l.stranger;
    if (random.chance(missing)) continue;
    double u = random.uniform();
    std::uint32_t level = 1;
    while (level + 1 < d.levels && (u -= p[level]) >= 0) ++level;
    pattern += level * d.factor;
  }
  return pattern;
}

struct Shares {
  std::size_t matches, relatives, strangers;
};

inline link::PassCounts draw_counts(const matchers::Model& model, const schema::Schema& schema,
                                    std::size_t pass, const link::Comparator& comparator,
                                    const Shares& shares, std::uint64_t seed) {
  Splitmix random(seed, pass);
  link::PassCounts out;
  out.pairs.assign(comparator.patterns(), 0);
  for (const auto& [c, n] :
       {std::pair{Class::match, shares.matches}, std::pair{Class::relative, shares.relatives},
        std::pair{Class::stranger, shares.strangers}})
    for (std::size_t i = 0; i < n; ++i)
      ++out.pairs[draw_pattern(model, schema, pass, comparator, c, 0.05, random)];
  out.compared = shares.matches + shares.relatives + shares.strangers;
  out.entries = out.compared;
  return out;
}

}  // namespace tessera::test
