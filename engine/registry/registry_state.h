// What an open registry holds; only the sources of the Registry include this.
#pragma once

#include <optional>
#include <string>

#include "engine/core/signature.h"
#include "engine/ledger/signed_head.h"
#include "engine/registry/entry_store.h"
#include "engine/registry/epoch.h"
#include "engine/registry/events.h"
#include "engine/registry/handle_map.h"
#include "engine/registry/lost_ids.h"
#include "engine/registry/registry.h"

namespace tessera::registry {

inline constexpr std::size_t kVersions = 3;  // distinct payloads of a record key in an epoch

// Persisted; never renumber.
enum class IdState : std::uint8_t { live = 1, provisional = 2, retired = 3, archived = 4 };

inline constexpr std::uint32_t kRegistryKind = 0x74657352;    // "tesR": application_id of R.db
inline constexpr std::uint32_t kEntryStoreKind = 0x74657345;  // "tesE"
inline constexpr std::uint32_t kFormat = 5;                   // of both files
inline constexpr std::uint32_t kFormatWithAccounts = 2;       // the first one that can have them

inline constexpr double kShareUnit = 1e12;  // pass_share.share counts these

// Queries that would read every state ID if SQLite passed over an index: a test looks at their
// plans.
std::string_view question_query();  // review_queue.cpp
std::string_view anomaly_query();   // anomalies.cpp

inline std::int64_t as_integer(std::uint64_t value) { return static_cast<std::int64_t>(value); }

struct Registry::State {
  explicit State(ledger::Database database) : db(std::move(database)) {}
  ledger::Database db;
  std::optional<ledger::Transaction> transaction;  // write: the lock; read: the snapshot
  Access access = Access::read;
  RegistryName name{};
  encoded::Protection protection = encoded::Protection::trial;
  std::vector<Epoch> epochs;  // by number, from 1
  std::int64_t batch = 0;
  PublicKey public_key{};            // as the first event names it
  std::optional<SigningKey> signer;  // write: signs the head at each commit
  std::optional<EntryStore> entries;
  std::optional<LostIds> lost;                // what a restore forgot
  std::vector<HandleMap> handles;             // by epoch; an ended one's is empty
  std::optional<ledger::Statement> owner_of;  // prepared when first asked

  // A registrar keeps each payload digest with the one of what is left without SSNs: it has no
  // entries to make that of when it purges.
  std::size_t version_bytes(const Epoch& epoch) const {
    return sizeof(Checksum) * (epoch.schema.ssn && entries->passes() == 0 ? 2 : 1);
  }

  HandleMap& handles_of(const Epoch& epoch) {
    return handles[static_cast<std::size_t>(epoch.number) - 1];
  }
  Result<void> read_meta();
  Result<void> read_epochs();
  Result<void> open_entries(std::uint32_t wait_ms);
  Result<void> read_public_key();
  Result<void> read_signer();
  // How every change ends: signs the head of the log, announces it to the entry store, commits the
  // transaction, and settles it there.
  Result<ledger::SignedHead> seal(const ledger::EventLog& log);
  // Writes both files anew without their free pages and empties their logs, so that nothing deleted
  // is left in them. Error `conflict` if another process reads. REQUIRES: no transaction.
  Result<void> rewrite(Progress& progress);
  // Reads every page of both files: before what cannot be taken back, and takes from both. Error
  // `format` if one is torn.
  Result<void> require_whole_pages();
  // One event that stands for itself: applied, chained, signed, committed.
  Result<ledger::SignedHead> happen(const Happening& happening);
};

// Of a question that an asker may not know of, the same as of one that never was.
Error no_question();

// What an epoch's schema asks of a row of each pass.
std::vector<std::uint32_t> strides_of(const schema::Schema& schema);
// Keeps an epoch's schema, key check and the weight of its passes' heaviest blocks.
Result<void> write_encoding(ledger::Database& db, const Epoch& epoch);
// Of those weights, as pass_share holds them; and keeps it beside the schema.
Result<Checksum> sum_of_shares(ledger::Database& db, std::int64_t epoch);
Result<void> keep_sum_of_shares(ledger::Database& db, std::int64_t epoch);
// By record number: the batch in which its current entries of the epoch were stored, 0 for none.
Result<std::vector<std::uint32_t>> batches_stored(ledger::Database& db, std::int64_t epoch);
// The handles of the entries that an epoch stores, in the order of the map.
Result<void> each_live_handle(ledger::Database& db, HandleMap& map, const Epoch& epoch,
                              const std::function<void(encoded::Handle)>& take);

// Handles of the current entries that records have under an epoch.
Result<std::vector<encoded::Handle>> stored_handles(ledger::Database& db, HandleMap& map,
                                                    std::int64_t epoch,
                                                    std::span<const RecordId> sorted);

// R.db, checked for kind and format number; no lock is taken.
Result<ledger::Database> open_database(const std::string& path, ledger::Database::Mode mode);
// Which older format a file of this kind has, and is to be upgraded from; 0: none of them.
std::uint32_t old_format(const std::string& path, std::uint32_t kind);
std::string entry_path(const std::string& registry_path);
std::string signing_key_path(const std::string& registry_path);
// All tables of R.db.
std::string registry_ddl();

}  // namespace tessera::registry
