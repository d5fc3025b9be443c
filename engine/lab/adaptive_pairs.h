// Which pairs of name codes an adaptive key lengthens, by the columns of a table of codes.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/schema/schema.h"

namespace tessera::lab {

// schema::share_of_pair for pairs of columns, looked up once for each column. Immutable.
class AdaptivePairs {
 public:
  AdaptivePairs() = default;  // nothing is common
  // code_of_column: the phonetic codes, by column. REQUIRES: pass.adaptive, and a pair of names.
  AdaptivePairs(const schema::Schema& schema, const schema::Pass& pass,
                const std::vector<std::string>& code_of_column);
  bool common(std::size_t x, std::size_t y) const;

 private:
  struct Group {
    std::uint64_t millionths = 0;
    std::array<std::vector<std::uint64_t>, 2> shares;  // by name of the pair, column
  };
  schema::Adaptive adaptive_;
  std::vector<Group> groups_;
};

}  // namespace tessera::lab
