// The disclosure book: who may be given what, and who was given what. A database of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/day.h"
#include "engine/core/json.h"
#include "engine/core/result.h"
#include "engine/ledger/database.h"
#include "engine/ledger/event_log.h"
#include "engine/registry/entry_store.h"

namespace tessera::disclosure {

// Who does something, and when. Every change of the book carries one.
struct Act {
  std::string by;  // an account's name: one person, never a group
  Day day;
};

struct Settings {
  std::int64_t two_persons_above = 100;  // a release of more students needs a second person
  std::optional<registry::RegistryName> registry{};  // whose accounts the book goes by, for good
};

// Holds agreements, releases, artefacts' keys, pseudonyms, and of each student who was given their
// data; no name, no field's value. Each change appends an event to a hash chain of its own in the
// same transaction. Deleted keys are overwritten (secure_delete, log truncated). One writer at a
// time; not thread safe. Mode 0600.
class Book {
 public:
  static Result<void> create(const std::string& path, const Settings& settings, const Act& act);
  // Error format if it is no book, or its tables or triggers are not as this program makes them.
  static Result<Book> open(const std::string& path, bool write);

  ledger::Database& database() { return database_; }
  Result<Settings> settings();
  // The registry that the book belongs to; nullopt: none, and "by" is whoever says so.
  Result<std::optional<registry::RegistryName>> registry();
  // Runs `changes` and appends the event, both or neither. `body` gets the act's "by" and "day".
  Result<void> change(std::string_view type, json::Object body, const Act& act,
                      const std::function<Result<void>()>& changes);
  // Writes the log back, so that nothing deleted stays in it.
  Result<void> settle();
  // Recomputes the chain and SQLite's own checks; gives the head.
  Result<ledger::Head> verify(Progress& progress);

 private:
  explicit Book(ledger::Database database) : database_(std::move(database)) {}
  ledger::Database database_;
};

// Error usage unless the name is 2 to 64 printable characters and not that of a group or a role
// ("admin", "office", "shared" ...): R20, each change is one person's.
Result<void> require_person(std::string_view by);

// A list of names as a column of the book keeps it: a canonical JSON array of texts.
std::string list_text(const std::vector<std::string>& items);

}  // namespace tessera::disclosure
