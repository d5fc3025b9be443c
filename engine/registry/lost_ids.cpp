#include "engine/registry/lost_ids.h"

#include "engine/registry/registry_state.h"
#include "engine/registry/removals.h"

namespace tessera::registry {

using ledger::Database;
using ledger::Statement;

Result<LostIds> LostIds::open(const std::string& path, Registry& registry) {
  TESSERA_TRY(Database lost, open_chain(path));
  constexpr std::string_view kFirst = "SELECT hex(hash) FROM event WHERE seq = 1";
  TESSERA_TRY(Statement theirs, lost.prepare(kFirst));
  TESSERA_TRY(Statement ours, registry.database().prepare(kFirst));
  TESSERA_TRY(const bool there, theirs.step());
  TESSERA_TRY(const bool here, ours.step());
  if (!there || !here || theirs.text(0) != ours.text(0))
    return Error{ErrorCode::conflict, "is not this registry as it was before the restore", path};
  theirs.reset();
  ours.reset();
  TESSERA_TRY(Statement of_record,
              lost.prepare("SELECT i.id FROM owner o JOIN record r ON r.owner = o.id JOIN state_id "
                           "i ON i.person = r.person AND i.state <> 3 WHERE o.name = ?1 AND "
                           "r.population = ?2 AND r.key = ?3"));
  TESSERA_TRY(Statement issued, lost.prepare("SELECT 1 FROM state_id WHERE id = ?1"));
  return LostIds(std::move(lost), std::move(of_record), std::move(issued));
}

Result<void> Registry::recall_lost(const std::string& path) {
  TESSERA_TRY(state_->lost, LostIds::open(path, *this));
  return {};
}

Result<StateId> LostIds::id_of(const std::string& owner, encoded::Population population,
                               const encoded::RecordKey& key) {
  of_record_.bind(1, std::string_view(owner)).bind(2, static_cast<std::int64_t>(population));
  TESSERA_TRY(const bool row, of_record_.bind(3, ByteView(key)).step());
  const auto id = row ? static_cast<StateId>(of_record_.integer(0)) : StateId{0};
  of_record_.reset();
  return id;
}

Result<bool> LostIds::issued(StateId id) {
  TESSERA_TRY(const bool row, issued_.bind(1, as_integer(id)).step());
  issued_.reset();
  return row;
}

}  // namespace tessera::registry
