// Exact tags: records link if they share a tag of a pass, and nothing else is looked at.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/link/matcher.h"

namespace tessera::matchers {

// Deterministic linkage: every pair that met in one of `passes` scores kSurest, all others
// -kSurest, so a record with two such candidates links to neither without a person. Fit has no
// evidence; error `usage` from fit() if the schema has no pass of a name.
std::unique_ptr<link::Matcher> exact_tags(std::vector<std::string> passes);

}  // namespace tessera::matchers
