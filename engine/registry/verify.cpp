// Verification: the events, replayed into an empty database, must make the tables that are there.
#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "engine/registry/registry.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/tables.h"
#include "engine/schema/ssn_pass.h"

namespace tessera::registry {
namespace {

using ledger::Database;
using ledger::Statement;

// Every ledger table, in an order that does not depend on how rows came in.
constexpr std::string_view kContents[][2] = {
    {"epoch", "SELECT id, name, digest, ended FROM epoch ORDER BY id"},
    {"owner", "SELECT id, name FROM owner ORDER BY id"},
    {"submission",
     "SELECT batch, owner, population, file, records, day, epoch FROM submission ORDER BY rowid"},
    {"person", "SELECT id, space FROM person ORDER BY id"},
    {"state_id", "SELECT id, space, person, state, survivor FROM state_id ORDER BY id"},
    {"record", "SELECT id, owner, population, key, person, ssn, batch FROM record ORDER BY id"},
    {"claim", "SELECT record, person, batch, state FROM claim ORDER BY record"},
    {"review", "SELECT id, record, reason, batch, state FROM review ORDER BY id"},
    {"review_person", "SELECT review, person, decinats FROM review_person ORDER BY review, person"},
    {"different", "SELECT a, b FROM different ORDER BY a, b"},
    {"alarm", "SELECT batch, record, rule FROM alarm ORDER BY rowid"},
    {"ruling", "SELECT id, review, verdict, state_id, who, why FROM ruling ORDER BY id"},
    {"change",
     "SELECT id, kind, a, b, who, why, undone, undone_who, undone_why FROM change ORDER BY id"},
    {"change_record", "SELECT change, record FROM change_record ORDER BY change, record"},
    {"linked", "SELECT student, staff FROM linked ORDER BY student"},
    {"alias", "SELECT system, alias, state_id FROM alias ORDER BY system, alias"},
    {"signer", "SELECT key FROM signer ORDER BY rowid"},

    {"collection", "SELECT seq, field, owner, day, rule FROM collection ORDER BY seq"},
    {"access_log", "SELECT name FROM access_log"}};

// Text, bytes and numbers alike as bytes; null apart from empty.
bool same_row(const Statement& a, const Statement& b, int columns) {
  for (int c = 0; c < columns; ++c)
    if (a.is_null(c) != b.is_null(c) || a.text(c) != b.text(c)) return false;
  return true;
}

Result<void> same_table(Database& stored, Database& replayed, std::string_view name,
                        std::string_view query) {
  TESSERA_TRY(Statement a, stored.prepare(query));
  TESSERA_TRY(Statement b, replayed.prepare(query));
  const int columns = a.columns();
  for (std::int64_t n = 1;; ++n) {
    TESSERA_TRY(const bool more_a, a.step());
    TESSERA_TRY(const bool more_b, b.step());
    if (more_a != more_b || (more_a && !same_row(a, b, columns)))
      return Error{
          ErrorCode::format,
          fmt::format("table {}, row {}, is not what the events make; restore from a backup", name,
                      n),
          stored.path()};
    if (!more_a) return {};
  }
}

Result<Database> empty_replay() {
  TESSERA_TRY(Database db, Database::in_memory());
  TESSERA_CHECK(db.exec(ledger_ddl()));
  return db;
}

// A purge takes the entries of SSN passes first, in one transaction; the next one ends it.
Result<bool> purge_was_cut_short(Registry& registry, const Epoch& epoch) {
  for (std::size_t p = 0; p < epoch.schema.passes.size(); ++p)
    if (schema::keyed_by_ssn(epoch.schema, p) && registry.entries().rows(epoch.first_pass + p) > 0)
      return false;
  TESSERA_TRY(const std::int64_t left,
              registry.database().integer("SELECT count(*) FROM record WHERE ssn = 1"));
  return epoch.schema.ssn && left > 0;
}

// What the handles of both sides are compared by, without holding them: their number and two sums
// that do not depend on their order. Two different multisets agree with a chance of 2^-128; whoever
// forges one file could as well forge both.
struct Tally {
  std::uint64_t handles = 0;
  std::uint64_t first = 0, second = 0;
  void add(encoded::Handle handle) {
    std::array<std::uint8_t, sizeof(handle)> bytes{};
    store_le(bytes.data(), handle);
    const Checksum sum = checksum(bytes);
    first += load_le<std::uint64_t>(sum.data());
    second += load_le<std::uint64_t>(sum.data() + 8);
    ++handles;
  }
  bool operator==(const Tally&) const = default;
};

using TakeHandle = std::function<void(encoded::Handle)>;

Result<void> each_stored(EntryStore& entries, const Epoch& epoch, const TakeHandle& take) {
  for (std::size_t p = 0; p < epoch.schema.passes.size(); ++p)
    TESSERA_CHECK(
        entries.each_live(epoch.first_pass + p, [&](const encoded::PassView& rows) -> Result<void> {
          std::ranges::for_each(rows.handles, take);
          return {};
        }));
  return {};
}

Result<void> each_mapped(ledger::Database& db, HandleMap& map, const Epoch& epoch,
                         const TakeHandle& take) {
  TESSERA_TRY(const auto stored, batches_stored(db, epoch.number));
  return map.each([&](const HandleRow& row) {
    if (stored[row.record] == row.batch) take(row.handle);
  });
}

// That every stored entry has a handle in the map. Holds both lists: 16 bytes an entry.
Result<bool> all_mapped(Registry& registry, HandleMap& map, const Epoch& epoch) {
  std::vector<encoded::Handle> mapped, held;
  TESSERA_CHECK(each_mapped(registry.database(), map, epoch,
                            [&](encoded::Handle h) { mapped.push_back(h); }));
  TESSERA_CHECK(
      each_stored(registry.entries(), epoch, [&](encoded::Handle h) { held.push_back(h); }));
  std::ranges::sort(mapped);
  std::ranges::sort(held);
  return std::ranges::includes(mapped, held);
}

// A live epoch's current handles, in both files: an entry that the map does not know is nobody's; a
// handle without an entry finds nobody.
Result<void> same_handles(Registry& registry, HandleMap& map, const Epoch& epoch) {
  if (registry.split()) return {};  // its entries are with a comparer, which is told the handles
  Tally mapped, held;
  TESSERA_CHECK(each_mapped(registry.database(), map, epoch,
                            [&mapped](encoded::Handle h) { mapped.add(h); }));
  TESSERA_CHECK(
      each_stored(registry.entries(), epoch, [&held](encoded::Handle h) { held.add(h); }));
  if (mapped == held) return {};
  TESSERA_TRY(const bool cut_short, purge_was_cut_short(registry, epoch));
  if (cut_short) {
    TESSERA_TRY(const bool all, all_mapped(registry, map, epoch));
    if (all) return {};
  }
  return Error{ErrorCode::format,
               "the stored entries are not those that the registry's handles name; restore both "
               "files from a backup",
               registry.path()};
}

}  // namespace

Result<ledger::Head> Registry::verify(Progress& progress) {
  State& s = *state_;
  TESSERA_CHECK(s.db.require_schema(registry_ddl()));
  TESSERA_CHECK(s.db.check_integrity());
  TESSERA_TRY(Database replayed, empty_replay());
  TESSERA_TRY(Tables tables, Tables::open(replayed));
  TESSERA_CHECK(replayed.exec("BEGIN"));
  const auto apply = [&](const ledger::Event& event) -> Result<void> {
    auto happening = read_happening(event.type, event.body);
    if (!happening)
      return Error{ErrorCode::format,
                   fmt::format("event {}: {}", event.seq, happening.error().what), s.db.path()};
    const auto* created = std::get_if<Created>(&*happening);
    if ((event.seq == 1) != (created != nullptr) ||
        (created != nullptr &&
         (created->registry != to_hex(s.name) || created->protection != s.protection)))
      return Error{ErrorCode::format, "the first event is not the making of this registry",
                   s.db.path()};
    return tables.apply(*happening);
  };
  TESSERA_TRY(const ledger::Head head, ledger::verify_chain(s.db, progress, apply));
  ledger::SignedHead last;
  const auto signature = [&](const ledger::SignedHead& h) -> Result<void> {
    last = h;
    if (ledger::verifies(s.public_key, s.name, h)) return {};
    return Error{ErrorCode::format,
                 fmt::format("the signed head of event {} does not fit its event", h.head.seq),
                 s.db.path()};
  };
  TESSERA_CHECK(ledger::each_signed_head(s.db, signature));
  if (last.head != head)
    return Error{ErrorCode::format, "the last events are not signed", s.db.path()};
  TESSERA_CHECK(replayed.exec("COMMIT"));
  for (const auto& [name, query] : kContents)
    TESSERA_CHECK(same_table(s.db, replayed, name, query));
  for (const Epoch& e : s.epochs)
    if (schema::digest(e.schema) != e.digest || e.schema.epoch != e.name)
      return Error{
          ErrorCode::format,
          fmt::format("the stored schema of epoch {} is not the one that the registry names",
                      e.name),
          s.db.path()};
  TESSERA_CHECK(s.entries->verify(progress));
  for (const Epoch& e : s.epochs) {
    if (!e.live()) continue;
    TESSERA_CHECK(pass_shares(e));
    TESSERA_CHECK(same_handles(*this, s.handles_of(e), e));
  }
  return head;
}

}  // namespace tessera::registry
