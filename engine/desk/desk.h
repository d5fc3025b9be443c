// R.db.desk: what the state asks of owners, and what became of it, in a chain of its own.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/core/day.h"
#include "engine/core/json.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/ledger/event_log.h"
#include "engine/registry/entry_store.h"

namespace tessera::desk {

// Who does something, and on which day.
struct Act {
  std::string by;
  std::string day;  // YYYY-MM-DD
};

// A database beside the registry, made when the first thing is asked. Each change appends an event
// to its hash chain in the same transaction. No name and no field's value. One writer at a time;
// not thread safe. Mode 0600.
class Desk {
 public:
  // Opens the desk of a registry, or makes it. Error `conflict` if the file is another registry's.
  static Result<Desk> open_or_make(const std::string& path, const registry::RegistryName& registry);
  // For looking. Error `io` if there is none: see desk_path and file_exists.
  static Result<Desk> open(const std::string& path, const registry::RegistryName& registry);

  ledger::Database& database() { return database_; }
  // Runs `changes` and appends the event, both or neither. `body` gets the act's "by" and "day".
  Result<void> change(std::string_view type, json::Object body, const Act& act,
                      const std::function<Result<void>()>& changes);
  // Recomputes the chain and SQLite's own checks; gives the head.
  Result<ledger::Head> verify(Progress& progress);

 private:
  explicit Desk(ledger::Database database) : database_(std::move(database)) {}
  static Result<Desk> check(ledger::Database database, const registry::RegistryName& registry);
  ledger::Database database_;
};

std::string desk_path(const std::string& registry_path);

}  // namespace tessera::desk
