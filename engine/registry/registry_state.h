// What an open registry holds; only the sources of the Registry include this.
#pragma once

#include <optional>
#include <string>

#include "engine/core/signature.h"
#include "engine/ledger/signed_head.h"
#include "engine/registry/events.h"
#include "engine/registry/handle_map.h"
#include "engine/registry/registry.h"

namespace tessera::registry {

inline constexpr std::size_t kVersions = 3;  // distinct payloads of a record key in an epoch

// Persisted; never renumber.
enum class IdState : std::uint8_t { live = 1, provisional = 2, retired = 3, archived = 4 };

inline constexpr std::uint32_t kRegistryKind = 0x74657352;    // "tesR": application_id of R.db
inline constexpr std::uint32_t kEntryStoreKind = 0x74657345;  // "tesE"
inline constexpr std::uint32_t kFormat = 2;                   // of both files

inline constexpr double kShareUnit = 1e12;  // pass_share.share counts these

inline std::int64_t as_integer(std::uint64_t value) { return static_cast<std::int64_t>(value); }

struct Registry::State {
  explicit State(ledger::Database database) : db(std::move(database)) {}
  ledger::Database db;
  std::optional<ledger::Transaction> transaction;  // write: the lock; read: the snapshot
  Access access = Access::read;
  RegistryName name{};
  schema::Schema schema;
  Sha256 digest{};
  encoded::Protection protection = encoded::Protection::trial;
  std::optional<KeyCheck> key_check;
  std::int64_t batch = 0;
  PublicKey public_key{};            // as the first event names it
  std::optional<SigningKey> signer;  // write: signs the head at each commit
  std::optional<EntryStore> entries;
  std::optional<HandleMap> handles;
  std::optional<ledger::Statement> owner_of;  // prepared when first asked

  Result<void> read_meta();
  Result<void> open_entries();
  Result<void> read_public_key();
  Result<void> read_signer();
  // How every change ends: signs the head of the log, then commits the transaction.
  Result<ledger::SignedHead> seal(const ledger::EventLog& log);
  // One event that stands for itself: applied, chained, signed, committed.
  Result<ledger::SignedHead> happen(const Happening& happening);
};

// R.db, checked for kind and format number; no lock is taken.
Result<ledger::Database> open_database(const std::string& path, ledger::Database::Mode mode);
std::string entry_path(const std::string& registry_path);
std::string signing_key_path(const std::string& registry_path);
// All tables of R.db.
std::string registry_ddl();

}  // namespace tessera::registry
