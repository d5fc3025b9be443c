#include "engine/registry/fresh_ids.h"

#include "engine/registry/lost_ids.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/state_id.h"

namespace tessera::registry {

Result<FreshIds> FreshIds::open(ledger::Database& database, LostIds* lost) {
  TESSERA_TRY(auto taken, database.prepare("SELECT 1 FROM state_id WHERE id = ?1"));
  return FreshIds(lost, std::move(taken));
}

Result<bool> FreshIds::is_free(StateId id) {
  TESSERA_TRY(const bool taken, taken_.bind(1, as_integer(id)).step());
  taken_.reset();
  return !taken;
}

Result<StateId> FreshIds::forgotten(std::span<const RecordName> whose) {
  for (std::size_t i = 0; lost_ != nullptr && i < whose.size(); ++i) {
    TESSERA_TRY(const StateId had, lost_->id_of(whose[i].owner, whose[i].population, whose[i].key));
    if (had == 0) continue;
    TESSERA_TRY(const bool free, is_free(had));
    if (free) return had;
  }
  return StateId{0};
}

Result<FreshIds::Fresh> FreshIds::next(std::span<const RecordName> whose, Random& random) {
  TESSERA_TRY(const StateId had, forgotten(whose));
  if (had != 0) return Fresh{had, true};
  for (;;) {
    const StateId id = draw_state_id(random);
    TESSERA_TRY(bool free, is_free(id));
    if (free && lost_ != nullptr) {
      TESSERA_TRY(const bool lost, lost_->issued(id));
      free = !lost;
    }
    if (free) return Fresh{id, false};
  }
}

}  // namespace tessera::registry
