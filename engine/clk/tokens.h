// A normalised value as the tokens that are hashed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/clk/linkage_schema.h"

namespace tessera::clk {

// The tokens of a value, in order, repeats kept; none for an empty value. False: a numeric feature
// met something that is no finite number. `strict` rounds fractions as written, not in doubles.
bool tokenize(const Feature& feature, std::string_view value, bool strict,
              std::vector<std::string>& out);

// How many bits token `index` of `count` is given. REQUIRES: index < count.
std::uint64_t bits_of_token(const Feature& feature, std::size_t index, std::size_t count);

}  // namespace tessera::clk
