#include "engine/registry/registry.h"

#include <algorithm>
#include <cstdio>

#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/core/signature.h"
#include "engine/registry/epoch.h"
#include "engine/registry/events.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/tables.h"

namespace tessera::registry {
namespace {

using ledger::Database;
using ledger::Statement;
using ledger::Transaction;

constexpr int kSnapshotTries = 100;

Database::Options options(Database::Mode mode, std::uint32_t wait_ms) {
  return {.mode = mode,
          .application_id = kRegistryKind,
          .version = kFormat,
          .cache_mib = 128,
          .wait_ms = wait_ms};
}

Error damaged(const Database& db) {
  return {ErrorCode::format, "the registry's own description is damaged; restore from a backup",
          db.path()};
}

Result<ledger::Head> fill(Database& db, const CreateOptions& o, const RegistryName& name,
                          const SigningKey& signer) {
  TESSERA_TRY(Transaction transaction, Transaction::begin(db, Transaction::Kind::write));
  TESSERA_CHECK(db.exec(registry_ddl()));
  const Sha256 digest = schema::digest(o.schema);
  TESSERA_TRY(Statement meta, db.prepare("INSERT INTO meta(id, registry, protection, batch) "
                                         "VALUES(1, ?1, ?2, 0)"));
  meta.bind(1, ByteView(name)).bind(2, static_cast<std::int64_t>(o.protection));
  TESSERA_CHECK(meta.run());
  TESSERA_CHECK(write_encoding(db, {1, o.schema.epoch, o.schema, digest, o.key_check, 0, 0}));
  TESSERA_TRY(ledger::EventLog log, ledger::EventLog::open(db));
  TESSERA_TRY(Tables tables, Tables::open(db));
  const Happening first[] = {Created{to_hex(name), to_hex(digest), o.schema.epoch, o.protection},
                             SignerNamed{to_hex(signer.public_key())}};
  for (const Happening& happening : first) {
    TESSERA_CHECK(tables.apply(happening));
    TESSERA_CHECK(log.append(type_of(happening), body_of(happening)));
  }
  TESSERA_TRY(const ledger::SignedHead head, ledger::seal(db, log, signer, name));
  TESSERA_CHECK(transaction.commit());
  return head.head;
}

}  // namespace

Result<Database> open_database(const std::string& path, Database::Mode mode) {
  return Database::open(path, options(mode, 5000));
}

std::string entry_path(const std::string& registry_path) { return registry_path + ".entries"; }

std::string signing_key_path(const std::string& registry_path) { return registry_path + ".key"; }

std::string registry_ddl() {
  return std::string(ledger::event_ddl()) + std::string(ledger_ddl()) + working_ddl();
}

Registry::Registry() = default;
Registry::Registry(Registry&&) noexcept = default;
Registry& Registry::operator=(Registry&&) noexcept = default;
Registry::~Registry() = default;

Result<void> Registry::create(const std::string& path, const CreateOptions& o, Random& random) {
  RegistryName name{};
  random.fill(name);
  std::vector<std::uint32_t> strides;
  if (!o.split) strides = strides_of(o.schema);
  TESSERA_TRY(Database db, Database::open(path, options(Database::Mode::create, 5000)));
  const SigningKey signer = SigningKey::make(random);
  TESSERA_CHECK(signer.write(signing_key_path(path)));
  const auto filled = [&]() -> Result<void> {
    TESSERA_TRY(const ledger::Head head, fill(db, o, name, signer));
    TESSERA_TRY(const EntryStore entries,
                EntryStore::create(entry_path(path), name, strides, head));
    return {};
  }();
  if (filled)
    db.keep();
  else
    std::remove(signing_key_path(path).c_str());  // ours: it would have stopped us before
  return filled;
}

Result<void> Registry::State::read_meta() {
  TESSERA_TRY(Statement meta, db.prepare("SELECT registry, protection, batch FROM meta"));
  TESSERA_TRY(const bool row, meta.step());
  if (!row || !copy_whole(meta.blob(0), name)) return damaged(db);
  protection = static_cast<encoded::Protection>(meta.integer(1));
  batch = meta.integer(2);
  meta.reset();
  return read_epochs();
}

Result<void> Registry::State::read_epochs() {
  epochs.clear();
  TESSERA_TRY(Statement s, db.prepare("SELECT e.id, e.name, e.digest, e.ended, c.schema, "
                                      "c.key_check, c.first_pass FROM epoch e JOIN encoding c ON "
                                      "c.epoch = e.id ORDER BY e.id"));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) break;
    Epoch& e = epochs.emplace_back();
    e.number = s.integer(0);
    e.name = s.text(1);
    e.ended = s.integer(3);
    if (!copy_whole(s.blob(2), e.digest)) return damaged(db);
    TESSERA_TRY(const json::Value value, json::parse(s.text(4), db.path()));
    TESSERA_TRY(e.schema, schema::from_json(value, db.path()));
    KeyCheck check{};
    if (!s.is_null(5) && copy_whole(s.blob(5), check)) e.key_check = check;
    e.first_pass = static_cast<std::size_t>(s.integer(6));
    if (e.number != static_cast<std::int64_t>(epochs.size())) return damaged(db);
  }
  return std::ranges::any_of(epochs, &Epoch::live) ? Result<void>{} : damaged(db);
}

Result<void> Registry::State::read_public_key() {
  TESSERA_TRY(Statement newest, db.prepare("SELECT key FROM signer ORDER BY rowid DESC LIMIT 1"));
  TESSERA_TRY(const bool row, newest.step());
  if (!row || !copy_whole(newest.blob(0), public_key))
    return Error{ErrorCode::format, "the registry names no signing key; restore from a backup",
                 db.path()};
  return {};
}

Result<void> Registry::State::read_signer() {
  const std::string path = signing_key_path(db.path());
  if (!file_exists(path))
    return Error{ErrorCode::crypto,
                 "the registry's signing key is not there, and without it nothing is changed: put "
                 "it back from where it is kept",
                 path};
  TESSERA_TRY(signer, SigningKey::read(path));
  if (signer->public_key() != public_key)
    return Error{ErrorCode::crypto, "this signing key belongs to another registry", path};
  return {};
}

Result<ledger::SignedHead> Registry::State::seal(const ledger::EventLog& log) {
  TESSERA_TRY(const ledger::SignedHead head, ledger::seal(db, log, *signer, name));
  TESSERA_CHECK(entries->announce(head.head));
  TESSERA_CHECK(transaction->commit());
  // The change stands. Where this fails, on a full disk say, the next writer does it.
  [[maybe_unused]] const Result<void> settled = entries->settle(head.head);
  return head;
}

// A reader's two snapshots, taken one after the other, belong together if no change came between.
Result<void> Registry::State::open_entries(std::uint32_t wait_ms) {
  const Transaction::Kind kind =
      access == Access::write ? Transaction::Kind::write : Transaction::Kind::read;
  if (access == Access::write) {
    TESSERA_TRY(Transaction begun, Transaction::begin(db, kind));
    transaction.emplace(std::move(begun));
  }
  for (int i = 0; i < kSnapshotTries; ++i) {
    TESSERA_CHECK(read_meta());
    TESSERA_TRY(const ledger::Head before, ledger::read_head(db));
    TESSERA_TRY(EntryStore store, EntryStore::open(entry_path(db.path()), name, access,
                                                   std::min(wait_ms, EntryStore::kLongestWait)));
    if (access == Access::read) {
      TESSERA_TRY(Transaction begun, Transaction::begin(db, kind));
      TESSERA_TRY(const ledger::Head now, ledger::read_head(db));
      if (now != before) continue;
      TESSERA_CHECK(read_meta());
      transaction.emplace(std::move(begun));
    }
    TESSERA_CHECK(store.begin(batch, before, db.path()));
    entries.emplace(std::move(store));
    return {};
  }
  return Error{ErrorCode::conflict, "changes are being committed all the time; try again",
               db.path()};
}

std::uint32_t old_format(const std::string& path, std::uint32_t kind) {
  for (std::uint32_t version = 1; version < kFormat; ++version)
    if (Database::open(
            path, {.mode = Database::Mode::read_only, .application_id = kind, .version = version}))
      return version;
  return 0;
}

namespace {

// Of a file that did not open.
Error to_upgrade(const Error& refused, const std::string& path, std::uint32_t kind) {
  const std::uint32_t version = old_format(path, kind);
  if (version == 0) return refused;
  return {ErrorCode::format,
          fmt::format("has registry format {}; copy the registry and its entry store, then run "
                      "'tessera registry upgrade'",
                      version),
          path};
}

}  // namespace

Result<Registry> Registry::open(const std::string& path, Access access, std::uint32_t wait_ms) {
  const auto mode =
      access == Access::write ? Database::Mode::read_write : Database::Mode::read_only;
  auto opened = Database::open(path, options(mode, wait_ms));
  if (!opened) return to_upgrade(opened.error(), path, kRegistryKind);
  Database db = std::move(*opened);
  Registry r;
  r.state_ = std::make_unique<State>(std::move(db));
  State& s = *r.state_;
  s.access = access;
  TESSERA_CHECK(s.db.require_schema(registry_ddl()));
  TESSERA_CHECK(s.read_public_key());
  if (access == Access::write) TESSERA_CHECK(s.read_signer());
  const auto both = s.open_entries(wait_ms);
  if (!both) return to_upgrade(both.error(), entry_path(path), kEntryStoreKind);
  for (const Epoch& e : s.epochs) {
    const auto strides = strides_of(e.schema);
    for (std::size_t p = 0; e.live() && !r.split() && p < strides.size(); ++p)
      if (e.first_pass + p >= s.entries->passes() ||
          s.entries->stride(e.first_pass + p) != strides[p])
        return Error{ErrorCode::format,
                     "the entry store's passes are not those of the registry's schema; restore "
                     "both from a backup",
                     entry_path(path)};
    TESSERA_TRY(HandleMap map, HandleMap::open(s.db, e.number));
    s.handles.push_back(std::move(map));
  }
  return r;
}

const std::string& Registry::path() const { return state_->db.path(); }
const RegistryName& Registry::name() const { return state_->name; }
encoded::Protection Registry::protection() const { return state_->protection; }
bool Registry::split() const { return state_->entries->passes() == 0; }
Result<void> Registry::require_entries() const {
  if (!split()) return {};
  return Error{ErrorCode::conflict,
               "is a registrar's, which holds no entries: 'tessera split' assigns with it", path()};
}
const std::vector<Epoch>& Registry::epochs() const { return state_->epochs; }
const Epoch& Registry::current() const {  // one is live, or the registry had not opened
  return *std::find_if(state_->epochs.rbegin(), state_->epochs.rend(),
                       [](const Epoch& e) { return e.live(); });
}
const Epoch* Registry::epoch_of(const Sha256& schema_digest) const {
  const auto at = std::ranges::find(state_->epochs, schema_digest, &Epoch::digest);
  return at == state_->epochs.end() ? nullptr : &*at;
}
const schema::Schema& Registry::schema() const { return current().schema; }
const PublicKey& Registry::public_key() const { return state_->public_key; }
std::int64_t Registry::last_batch() const { return state_->batch; }
EntryStore& Registry::entries() { return *state_->entries; }
const EntryStore& Registry::entries() const { return *state_->entries; }
ledger::Database& Registry::database() { return state_->db; }

Result<void> Registry::accepts(const encoded::Header& header, const std::string& file) const {
  const State& s = *state_;
  const Epoch* epoch = epoch_of(header.schema_digest);
  if (epoch == nullptr)
    return Error{ErrorCode::conflict,
                 "was encoded under another schema than the registry's; encode it again", file};
  if (!epoch->live())
    return Error{ErrorCode::conflict,
                 fmt::format("was encoded under epoch {}, which has ended; encode it under {}",
                             epoch->name, current().name),
                 file};
  if (header.protection != s.protection)
    return Error{ErrorCode::conflict,
                 s.protection == encoded::Protection::trial
                     ? "is not a trial file, and this registry was created with --trial"
                     : "is a trial file, which only a registry created with --trial takes",
                 file};
  if (epoch->key_check && header.key_check != *epoch->key_check)
    return Error{ErrorCode::conflict,
                 "was encoded with another project key than the registry's files", file};
  for (const Epoch& e : s.epochs)
    if (e.number != epoch->number && e.key_check && header.key_check == *e.key_check)
      return Error{ErrorCode::conflict,
                   fmt::format("was encoded with the project key of epoch {}; each epoch has a key "
                               "of its own ('tessera key rotate')",
                               e.name),
                   file};
  if (header.population != encoded::Population::student &&
      header.population != encoded::Population::staff)
    return Error{
        ErrorCode::conflict,
        "college and wage records get no state ID; 'tessera link --registry' looks them up", file};
  return {};
}

namespace {

// The open question's reason, where it is the values that leave it in doubt who somebody is.
Reason doubt_of(Reason open) {
  const bool doubt =
      open == Reason::near_match || open == Reason::close_runner_up || open == Reason::two_persons;
  return doubt ? open : Reason::none;
}

// `version`: bytes of each, which begin with its payload.
Known::Payload compare(ByteView versions, const Checksum& payload, std::size_t version) {
  const std::size_t n = versions.size() / version;
  for (std::size_t i = 0; i < n; ++i)
    if (std::equal(payload.begin(), payload.end(),
                   versions.begin() + static_cast<std::ptrdiff_t>(i * version)))
      return i + 1 == n ? Known::Payload::same : Known::Payload::changed;
  if (n == 0) return Known::Payload::first;
  return n >= kVersions ? Known::Payload::excess : Known::Payload::changed;
}

}  // namespace

Result<std::vector<Known>> Registry::look_up(const Epoch& epoch, std::string_view owner,
                                             encoded::Population population,
                                             std::span<const encoded::RecordKey> keys,
                                             std::span<const Checksum> payloads) {
  std::vector<Known> out(keys.size());
  TESSERA_TRY(Statement find, state_->db.prepare("SELECT id FROM owner WHERE name = ?1"));
  TESSERA_TRY(const bool there, find.bind(1, owner).step());
  if (!there) return out;
  const std::int64_t owner_id = find.integer(0);
  find.reset();
  TESSERA_TRY(Statement s,
              state_->db.prepare(
                  "SELECT r.id, r.person, r.ssn, p.versions, (SELECT i.state FROM state_id "
                  "i WHERE i.person = r.person "
                  "AND i.state <> 3), (SELECT v.reason FROM review v WHERE v.record = r.id AND "
                  "v.state = 1) FROM record r LEFT JOIN payload p ON p.record = r.id "
                  "AND p.epoch = ?4 WHERE r.owner = ?1 AND r.population = ?2 AND r.key = ?3"));
  s.bind(4, epoch.number);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    s.bind(1, owner_id).bind(2, static_cast<std::int64_t>(population)).bind(3, ByteView(keys[i]));
    TESSERA_TRY(const bool row, s.step());
    if (!row) continue;
    Known& k = out[i];
    k.record = static_cast<RecordId>(s.integer(0));
    k.person = static_cast<PersonId>(s.integer(1));
    k.ssn = static_cast<encoded::SsnState>(s.integer(2));
    k.payload = compare(s.blob(3), payloads[i], state_->version_bytes(epoch));
    k.provisional = s.integer(4) == static_cast<std::int64_t>(IdState::provisional);
    k.retired = k.person != 0 && s.is_null(4);
    k.asked = doubt_of(static_cast<Reason>(s.integer(5)));
    s.reset();
  }
  return out;
}

}  // namespace tessera::registry
