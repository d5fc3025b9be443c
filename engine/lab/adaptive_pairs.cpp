#include "engine/lab/adaptive_pairs.h"

#include <algorithm>

#include "engine/schema/adaptive.h"

namespace tessera::lab {

AdaptivePairs::AdaptivePairs(const schema::Schema& schema, const schema::Pass& pass,
                             const std::vector<std::string>& code_of_column)
    : adaptive_(*pass.adaptive) {
  const schema::KeyPart& pair = *schema::pair_of_names(pass);
  for (const schema::NameGroup& group : schema.common_names) {
    Group& out = groups_.emplace_back();
    out.millionths = group.millionths;
    for (std::size_t side = 0; side < 2; ++side)
      for (const std::string& code : code_of_column)
        out.shares[side].push_back(schema::share_in(group, pair.fields[side], code));
  }
}

bool AdaptivePairs::common(std::size_t x, std::size_t y) const {
  std::uint64_t sum = 0;
  for (const Group& g : groups_)
    sum += schema::held_in(g.millionths, g.shares[0][x] * g.shares[1][y],
                           g.shares[0][y] * g.shares[1][x], x == y);
  return !groups_.empty() && schema::is_common(adaptive_, sum);
}

}  // namespace tessera::lab
