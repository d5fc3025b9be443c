// Alias IDs: what a person of the registry is called in another system of the state (R10).
#pragma once

#include <string>
#include <vector>

#include "engine/registry/id_changes.h"

namespace tessera::registry {

struct Alias {
  std::string system;  // [a-z][a-z0-9-]{0,31}: "special-education", "migrant"
  std::string alias;   // [A-Za-z0-9._-]{1,40}: that system's own number
  StateId id = 0;      // that it was given to
};

// An alias of one system names one person only; a person may have several. It belongs to the ID it
// was given to, and so follows it through merges and undos. All or none: one transaction. Gives the
// number added; what is there already for the same person is passed over. Errors: `usage` (author,
// form, an ID never issued), `conflict` (an alias of another person, a retired ID); `where` names
// the one by its place in the list, "alias 3".
Result<std::size_t> add_aliases(Registry& registry, const std::vector<Alias>& aliases,
                                const std::string& who);
// Error `usage` if there is no such alias.
Result<void> remove_alias(Registry& registry, const std::string& system, const std::string& alias,
                          const std::string& who);
// Of everyone (id 0), or of the person that an ID leads to; of one system, or of all (""). Sorted
// by system and alias; `id` is the ID that each leads to now.
Result<std::vector<Alias>> list_aliases(Registry& registry, StateId id, const std::string& system);

}  // namespace tessera::registry
