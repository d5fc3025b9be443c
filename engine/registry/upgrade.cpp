// From an older format to this one: the events are kept, and the tables they add up to made anew.
#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/core/signature.h"
#include "engine/ledger/signed_head.h"
#include "engine/registry/entry_tables.h"
#include "engine/registry/registry.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/tables.h"

namespace tessera::registry {
namespace {

using ledger::Database;
using ledger::Transaction;

// Ledger tables of any older format.
constexpr std::string_view kLedger[] = {
    "epoch",  "owner",  "submission",    "person",        "state_id",  "record", "claim",
    "review", "ruling", "review_person", "change_record", "different", "linked", "alarm",
    "change", "alias",  "signer",        "collection",    "access_log"};

// R.db has not changed since this one; the entry store has.
constexpr std::uint32_t kFormatOfTables = 4;

Database::Options old_options(std::uint32_t kind, std::uint32_t version) {
  return {.mode = Database::Mode::read_write, .application_id = kind, .version = version};
}
Database::Options new_options(std::uint32_t kind) {
  return {.mode = Database::Mode::read_only, .application_id = kind, .version = kFormat};
}

Result<void> replay(Database& db, Progress& progress) {
  TESSERA_TRY(Tables tables, Tables::open(db));
  const auto apply = [&](const ledger::Event& event) -> Result<void> {
    TESSERA_TRY(const Happening happening, read_happening(event.type, event.body));
    return tables.apply(happening);
  };
  TESSERA_TRY(const ledger::Head head, ledger::verify_chain(db, progress, apply));
  (void)head;
  return {};
}

// Names the key in the chain and signs all of it.
Result<void> sign_chain(Database& db, const SigningKey& key) {
  TESSERA_TRY(Tables tables, Tables::open(db));
  TESSERA_TRY(ledger::EventLog log, ledger::EventLog::open(db));
  const Happening named = SignerNamed{to_hex(key.public_key())};
  TESSERA_CHECK(tables.apply(named));
  TESSERA_CHECK(log.append(type_of(named), body_of(named)));
  TESSERA_TRY(ledger::Statement name, db.prepare("SELECT registry FROM meta"));
  TESSERA_TRY(const bool row, name.step());
  const Bytes chain = row ? Bytes(name.blob(0).begin(), name.blob(0).end()) : Bytes();
  name.reset();
  TESSERA_TRY(const ledger::SignedHead head, ledger::seal(db, log, key, chain));
  (void)head;
  return {};
}

// A key that an upgrade killed half way has left is taken up again.
Result<SigningKey> key_for(const std::string& registry_path, Random& random) {
  const std::string path = signing_key_path(registry_path);
  if (file_exists(path)) return SigningKey::read(path);
  SigningKey key = SigningKey::make(random);
  TESSERA_CHECK(key.write(path));
  return key;
}

// Registries of older formats had no checksums: of what they hold, these are made.
Result<void> add_sums(Database& db) {
  TESSERA_TRY(const std::int64_t epochs, db.integer("SELECT count(*) FROM encoding"));
  for (std::int64_t epoch = 1; epoch <= epochs; ++epoch) {
    TESSERA_CHECK(HandleMap::add_sums(db, epoch));
    TESSERA_CHECK(keep_sum_of_shares(db, epoch));
  }
  return {};
}

// The tables of formats 1 to 3, made anew. REQUIRES: foreign keys off, for tables that refer to
// each other go one after the other.
Result<void> remake_tables(Database& db, std::uint32_t version, Random& random,
                           Progress& progress) {
  for (const std::string_view table : kLedger)
    TESSERA_CHECK(db.exec(fmt::format("DROP TABLE IF EXISTS {}", table)));
  TESSERA_CHECK(db.exec(ledger_ddl()));
  TESSERA_CHECK(db.exec(working_upgrade(version)));
  TESSERA_CHECK(add_sums(db));
  if (version == 1) TESSERA_CHECK(db.exec(ledger::signed_head_ddl()));
  TESSERA_CHECK(replay(db, progress));
  if (version > 1) return {};
  TESSERA_TRY(const SigningKey key, key_for(db.path(), random));
  return sign_chain(db, key);
}

Result<void> upgrade_tables(const std::string& path, Random& random, Progress& progress) {
  const auto current = Database::open(path, new_options(kRegistryKind));
  if (current) return {};
  const std::uint32_t version = old_format(path, kRegistryKind);
  if (version == 0) return current.error();
  TESSERA_TRY(Database db, Database::open(path, old_options(kRegistryKind, version)));
  TESSERA_CHECK(db.exec("PRAGMA foreign_keys=OFF"));
  TESSERA_TRY(Transaction all, Transaction::begin(db, Transaction::Kind::write));
  if (version < kFormatOfTables) TESSERA_CHECK(remake_tables(db, version, random, progress));
  TESSERA_CHECK(db.exec(fmt::format("PRAGMA user_version={}", kFormat)));
  TESSERA_CHECK(db.require_schema(registry_ddl()));
  TESSERA_CHECK(db.check_integrity());
  return all.commit();
}

// A crash leaves one batch that the registry does not know. More: the registry is an older copy.
Result<void> refuse_older_registry(Database& entries, std::int64_t live,
                                   const std::string& registry) {
  TESSERA_TRY(const std::int64_t newest,
              entries.integer("SELECT max(ifnull((SELECT max(batch) FROM generation), 0), "
                              "ifnull((SELECT max(batch) FROM dead), 0))"));
  if (newest <= live + 1) return {};
  return Error{ErrorCode::conflict,
               fmt::format("holds batch {}, and {} has come to batch {}: the registry is an older "
                           "copy; restore both files from one backup",
                           newest, registry, live),
               entries.path()};
}

Result<void> upgrade_entries(const std::string& path, const std::string& registry_path) {
  const auto current = Database::open(path, new_options(kEntryStoreKind));
  if (current) return {};
  const std::uint32_t version = old_format(path, kEntryStoreKind);
  if (version == 0) return current.error();
  TESSERA_TRY(Database registry, Database::open(registry_path, new_options(kRegistryKind)));
  TESSERA_TRY(const std::int64_t live, registry.integer("SELECT batch FROM meta"));
  TESSERA_TRY(const ledger::Head head, ledger::read_head(registry));
  TESSERA_TRY(Database db, Database::open(path, old_options(kEntryStoreKind, version)));
  TESSERA_TRY(Transaction all, Transaction::begin(db, Transaction::Kind::write));
  TESSERA_CHECK(refuse_older_registry(db, live, registry_path));
  TESSERA_CHECK(db.exec(added_entry_ddl(version)));
  TESSERA_CHECK(add_head(db, head));
  TESSERA_CHECK(db.exec(fmt::format("PRAGMA user_version={}", kFormat)));
  TESSERA_CHECK(db.require_schema(entry_ddl()));
  return all.commit();
}

}  // namespace

// Each file changes in one transaction; killed between them, the next run does the other one, which
// takes the head that the first has come to.
Result<void> Registry::upgrade(const std::string& path, Random& random, Progress& progress) {
  TESSERA_CHECK(upgrade_tables(path, random, progress));
  return upgrade_entries(entry_path(path), path);
}

}  // namespace tessera::registry
