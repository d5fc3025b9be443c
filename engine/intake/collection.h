// The stop switch at intake: what may not be collected is taken out before anything else happens.
#pragma once

#include <string_view>
#include <vector>

#include "engine/intake/stopped.h"
#include "engine/intake/weighed.h"
#include "engine/link/files.h"

namespace tessera::intake {

// Takes the fields whose owner may not send them on `day` (YYYY-MM-DD) out of the files, or names
// the file to refuse. Error if a sealed pass does not open.
Result<Enforced> enforce_collection(std::span<const registry::CollectionRule> rules,
                                    link::FileSet& files, std::string_view day);

// Records whose SSN the registry holds already and that brought one again: it was not needed.
std::vector<Notice> repeated_ssns(const Weighed& weighed);

}  // namespace tessera::intake
