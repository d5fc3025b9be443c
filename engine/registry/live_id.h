// The state ID that stands for a person now.
#pragma once

#include <optional>

#include "engine/registry/registry.h"

namespace tessera::registry {

// The person's ID that is live or provisional; nullopt if there is no such person.
Result<std::optional<StateId>> live_id_of(Registry& registry, PersonId person);
// Whether the owner holds a record of the person. An owner that the registry does not know holds
// none.
Result<bool> holds(Registry& registry, const std::string& owner, PersonId person);

}  // namespace tessera::registry
