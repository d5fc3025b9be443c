#include "engine/registry/live_id.h"

namespace tessera::registry {

Result<std::optional<StateId>> live_id_of(Registry& registry, PersonId person) {
  constexpr std::string_view kSql = "SELECT id FROM state_id WHERE person = ?1 AND state <> 3";
  TESSERA_TRY(ledger::Statement find, registry.database().prepare(kSql));
  TESSERA_TRY(const bool row, find.bind(1, static_cast<std::int64_t>(person)).step());
  if (!row) return std::optional<StateId>();
  return std::optional<StateId>(static_cast<StateId>(find.integer(0)));
}

Result<bool> holds(Registry& registry, const std::string& owner, PersonId person) {
  constexpr std::string_view kSql =
      "SELECT 1 FROM record JOIN owner ON owner.id = record.owner WHERE person = ?1 AND name = ?2";
  TESSERA_TRY(ledger::Statement find, registry.database().prepare(kSql));
  return find.bind(1, static_cast<std::int64_t>(person)).bind(2, owner).step();
}

}  // namespace tessera::registry
