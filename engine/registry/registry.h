// The registry: which person each record belongs to, and the permanent state ID of each person.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/signature.h"
#include "engine/encoded/format.h"
#include "engine/ledger/event_log.h"
#include "engine/ledger/signed_head.h"
#include "engine/registry/assign.h"
#include "engine/registry/batch.h"
#include "engine/registry/registry_name.h"

namespace tessera::registry {

class EntryStore;
struct Collection;
struct PurgeCount;
struct PurgedElsewhere;
struct Epoch;

struct CreateOptions {
  schema::Schema schema;
  encoded::Protection protection = encoded::Protection::oprf;  // trial: takes trial files only
  std::optional<KeyCheck> key_check;                           // absent: the first batch sets it
  bool split = false;  // a registrar's: its entries are with a comparer, and it holds none
};

// R.db, its entry store R.db.entries, and R.db.key, which signs the head of the event chain at each
// change. A batch goes:
//
//   Registry r = Registry::open(path, Access::write)   other writers wait until it ends
//   r.accepts(header, file)                            for each file
//   r.look_up(epoch, owner, population, keys, payloads)  -> Known of each record
//   r.entries().read_matching(pass, tags)                stored entries to compare with
//   r.records_of(epoch, handles), r.around(records)      -> Candidate targets, Stored
//   decide(question)
//   r.entries().add_pass(r.next_batch(), pass, ...)      rows of records with stores_entries(known)
//   r.commit(batch, decisions, ...)                    all of it, or nothing
//
// Killed anywhere, the next open finds the state before the batch or after it. Not thread safe; two
// processes are safe, and writers are serialised.
class Registry {
 public:
  // Error `conflict` if either file exists.
  static Result<void> create(const std::string& path, const CreateOptions& options, Random& random);
  // Brings a registry of an older format to this one: checks the chain and replays the events into
  // new tables. The older file is needed whole; copy it first. Does nothing to one of this format.
  // Format 1 had no signing key: one is made, and signs what is there.
  static Result<void> upgrade(const std::string& path, Random& random, Progress& progress);
  // Access::write needs R.db.key (else error `crypto`) and takes the write lock, waiting up to
  // `wait_ms` for another writer (then error `conflict`), and holds it until commit or destruction.
  // Access::read sees one moment. Error `format` if the tables or triggers are not as this program
  // makes them.
  static Result<Registry> open(const std::string& path, Access access,
                               std::uint32_t wait_ms = 60'000);
  Registry(Registry&&) noexcept;
  Registry& operator=(Registry&&) noexcept;
  ~Registry();

  const std::string& path() const;
  const RegistryName& name() const;
  // A registrar's registry: its entry store has no pass, and no entry ever comes into it. What
  // needs entries asks here first.
  bool split() const;
  // Error `conflict` for a registrar's registry: what is wanted goes where the entries are.
  Result<void> require_entries() const;
  encoded::Protection protection() const;
  const std::vector<Epoch>& epochs() const;  // by number
  const Epoch& current() const;              // the newest live one
  // The epoch of files under this schema, live or not; nullptr: none.
  const Epoch* epoch_of(const Sha256& schema_digest) const;
  const schema::Schema& schema() const;  // of the current epoch
  const PublicKey& public_key() const;   // checks the signed heads of the event chain
  std::int64_t last_batch() const;
  std::int64_t next_batch() const { return last_batch() + 1; }

  // Error `conflict` that says what differs: schema digest, protection, project key, an epoch that
  // has ended, or a population that gets no IDs.
  Result<void> accepts(const encoded::Header& header, const std::string& file) const;

  EntryStore& entries();
  const EntryStore& entries() const;
  ledger::Database& database();  // for the queries of history.h

  // What is known of each key, in the order of `keys`. payloads[i] (PayloadDigests) tells first,
  // same, changed and excess apart, under this epoch. An owner never seen has no known record.
  Result<std::vector<Known>> look_up(const Epoch& epoch, std::string_view owner,
                                     encoded::Population population,
                                     std::span<const encoded::RecordKey> keys,
                                     std::span<const Checksum> payloads);
  // Digests of the epoch's files that the last batch with such files took, by owner, population and
  // digest; none if no batch had any yet.
  Result<std::vector<Sha256>> last_files(const Epoch& epoch);
  // The number of an owner (0: never seen), how many records it has, and whose a record is.
  Result<std::int64_t> owner_number(std::string_view owner);
  Result<std::uint64_t> enrolment(std::int64_t owner);
  Result<std::int64_t> owner_of(RecordId record);
  // Per pass: the share of people in its heaviest block, as the epoch was opened with; nullopt:
  // unknown, and the pass's blocks are not bounded.
  Result<std::vector<std::optional<double>>> pass_shares(const Epoch& epoch);
  // The record of each handle that read_matching gave. Error `format` where one is of no record, or
  // a block of handles is damaged.
  Result<std::vector<RecordId>> records_of(const Epoch& epoch,
                                           std::span<const encoded::Handle> handles);
  // The handles of all current entries of an epoch, sorted.
  Result<std::vector<encoded::Handle>> all_handles(const Epoch& epoch);
  // The handles of a record's current entries.
  Result<std::vector<encoded::Handle>> handles_of(const Epoch& epoch, RecordId record);
  // The same of several records, in no order.
  Result<std::vector<encoded::Handle>> handles_of(const Epoch& epoch,
                                                  std::span<const RecordId> records);
  // The stored side of a question: the records (any order, repeats allowed), all records of their
  // persons, and the pairs known to be different.
  Result<Stored> around(std::span<const RecordId> records);

  // From here on new people get the IDs that they had in the registry at `path`, which is this one
  // as it was before a restore, and nobody gets another one that was issued there. Whatever issues
  // one: a batch, a ruling, a split. Error `conflict` if it is not (LostIds::open).
  Result<void> recall_lost(const std::string& path);

  // Events, ledger tables, handles and the entries staged under next_batch() become true at one
  // moment. REQUIRES: Access::write, once; decisions.size() == batch.records.size(). New IDs are
  // drawn in the order of (owner, population, record key). After an error nothing has changed.
  Result<Receipt> commit(const Batch& batch, const std::vector<Decision>& decisions, Random& random,
                         Progress& progress);
  // From here on the registry has accounts, in the access log of this name. REQUIRES:
  // Access::write, in place of a batch.
  Result<void> keep_access(const RegistryName& log);
  // A rule of the stop switch (collection.h). Error as schema::stoppable's. REQUIRES: as above.
  Result<ledger::SignedHead> set_collection(const Collection& rule);

  // SQLite's check, schema text, chain of events, tables = replay of the events, and the entry
  // store's own. Gives the head reached. Error `format` that says where.
  Result<ledger::Head> verify(Progress& progress);

 private:
  Registry();
  friend class Committer;
  friend class Change;
  friend class Purger;
  friend class EpochKeeper;
  friend class Destroyer;
  friend Result<PurgeCount> purge_ssn(Registry& registry, Random& random, Progress& progress);
  friend Result<PurgeCount> forget_ssn(Registry& registry, const PurgedElsewhere& elsewhere,
                                       Random& random, Progress& progress);
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera::registry
