// A copy of the registry, its entry store, its access log and its desk that belong together, and
// the way back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "engine/core/digest.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/ledger/event_log.h"

namespace tessera::backup {

// What DIR/backup.json says. It is written last: a folder without it is no backup.
struct Manifest {
  std::string registry;  // the registry's own name, hexadecimal
  std::string made;      // day and time, UTC
  std::int64_t batch = 0;
  ledger::Head head;
  Sha256 database{};               // of DIR/registry.db
  Sha256 entries{};                // of DIR/registry.db.entries
  std::optional<Sha256> access{};  // of DIR/registry.db.access: a registry with accounts has one
  std::optional<Sha256> desk{};    // of DIR/registry.db.desk: there once something was asked
};

// Copies the registry to the new folder `folder`, while readers go on; writers wait until it is
// copied. Then checks the copy, unless told not to: a copy of damaged files is no backup, and must
// not take an older one's place. Error conflict if the folder exists. On error no backup is left.
Result<Manifest> make(const std::string& registry, const std::string& folder,
                      const std::string& made, Progress& progress, bool checked = true);

// Digests of all files against the manifest, then everything Registry::verify, AccessLog::verify
// and Desk::verify check. Error format that says which file is not what was written.
Result<Manifest> check(const std::string& folder, Progress& progress);

// Checks the backup and copies it to a new registry at `registry`. Never onto an existing one: move
// that away first, and keep it, for it may hold IDs that the backup does not know. On error nothing
// is left at `registry`.
Result<Manifest> restore(const std::string& folder, const std::string& registry,
                         Progress& progress);

// Whether the live registry's chain contains the backup's head: false says that this backup is of
// another registry, or that the live one was rolled back behind it or rewritten.
Result<bool> belongs_to(const Manifest& manifest, const std::string& registry);
// Takes away what restore() made: the registry's files and their logs, never its key.
void remove_restored(const std::string& registry);

}  // namespace tessera::backup
