// A change that a person makes: its events and tables, all at one moment or not at all.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/registry/events.h"
#include "engine/registry/fresh_ids.h"
#include "engine/registry/registry.h"
#include "engine/registry/tables.h"

namespace tessera::registry {

// What a change is refused with when the registry holds the contrary.
inline Error conflict(std::string what) { return {ErrorCode::conflict, std::move(what), ""}; }

// In place of a batch, on a registry opened with Access::write. Not thread safe; lives no longer
// than its Registry. Dropped without commit(), nothing has happened.
class Change {
 public:
  // Error `usage` unless the registry was opened for writing and has not committed since.
  static Result<Change> begin(Registry& registry);
  Result<void> happen(const Happening& happening);
  // First column of the first row for one number; nullopt if there is no row or it is null.
  Result<std::optional<std::int64_t>> ask(std::string_view sql, std::uint64_t number);
  // First column of every row.
  Result<std::vector<std::uint64_t>> list(std::string_view sql, std::uint64_t number);
  // One more than the largest `id` of a table.
  Result<std::int64_t> next(std::string_view table);
  // The ID of a new person who will have these records (FreshIds).
  Result<StateId> fresh_id(const std::vector<RecordId>& records, Random& random);
  // The ID that a record had before a restore, if nobody ever had it here; 0: none.
  Result<StateId> forgotten_id(RecordId record);
  Result<ledger::Head> commit();
  ledger::Database& database();
  std::int64_t batch() const;  // the last one committed

 private:
  explicit Change(Registry& registry) : registry_(&registry) {}
  Result<std::vector<RecordName>> names_of(const std::vector<RecordId>& records);
  Registry* registry_;
  std::optional<Tables> tables_;
  std::optional<ledger::EventLog> log_;
};

// Who answers for a change, and why. Error `usage`: `who` is 1 to 64 letters, digits or . _ @ -;
// `why` is 1 to 200 printable characters (it stays for ever: a case number, never a name).
struct Author {
  std::string who, why;
};
Result<void> check_author(const Author& author);

}  // namespace tessera::registry
