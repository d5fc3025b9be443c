// The destruction of archived people: all that their records were encoded to, in both files.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/registry/change.h"
#include "engine/registry/entry_tables.h"
#include "engine/registry/handle_map.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/retention.h"

namespace tessera::registry {
namespace {

using ledger::Database;
using ledger::Statement;

Result<std::vector<std::uint64_t>> records_of(Change& change, StateId id) {
  TESSERA_TRY(const auto state, change.ask("SELECT state FROM state_id WHERE id = ?1", id));
  if (state != static_cast<std::int64_t>(IdState::archived))
    return Error{
        ErrorCode::conflict,
        fmt::format("{} is not archived; archive it first, and destroy it when its time is "
                    "over",
                    to_text(id)),
        ""};
  TESSERA_TRY(const auto open,
              change.ask("SELECT 1 FROM review v JOIN record r ON r.id = v.record JOIN state_id i "
                         "ON i.person = r.person WHERE v.state = 1 AND i.id = ?1",
                         id));
  if (open)
    return Error{ErrorCode::conflict,
                 fmt::format("a question about {} is open; decide it first", to_text(id)), ""};
  return change.list(
      "SELECT r.id FROM record r JOIN state_id i ON i.person = r.person WHERE i.id = ?1", id);
}

// The handles of the records, which leave the maps of all epochs: in every generation, old ones
// too.
Result<std::vector<encoded::Handle>> take_handles(Change& change,
                                                  const std::set<std::uint64_t>& records) {
  std::vector<encoded::Handle> out;
  TESSERA_TRY(const auto epochs, change.list("SELECT id FROM epoch WHERE id >= ?1", 1));
  for (const std::uint64_t epoch : epochs) {
    TESSERA_TRY(HandleMap map, HandleMap::open(change.database(), as_integer(epoch)));
    TESSERA_CHECK(map.merge([&](const HandleRow& row) {
      if (!records.contains(row.record)) return true;
      out.push_back(row.handle);
      return false;
    }));
  }
  return out;
}

Result<std::int64_t> forget_payloads(Change& change, const std::set<std::uint64_t>& records) {
  std::int64_t gone = 0;
  for (const std::uint64_t r : records) {
    TESSERA_TRY(const auto had, change.ask("SELECT count(*) FROM payload WHERE record = ?1", r));
    gone += had.value_or(0);
    for (const std::string_view table : {"payload", "many_names"}) {
      TESSERA_TRY(Statement s, change.database().prepare(
                                   fmt::format("DELETE FROM {} WHERE record = ?1", table)));
      TESSERA_CHECK(s.bind(1, as_integer(r)).run());
    }
  }
  return gone;
}

// Places of entries that a person was asked about hold a tag each.
Result<void> forget_places(const std::string& registry,
                           const std::vector<encoded::Handle>& handles) {
  TESSERA_TRY(Database db, Database::open(entry_path(registry), {.mode = Database::Mode::read_write,
                                                                 .application_id = kEntryStoreKind,
                                                                 .version = kFormat}));
  TESSERA_CHECK(db.exec("PRAGMA secure_delete=ON"));
  TESSERA_TRY(auto all, ledger::Transaction::begin(db, ledger::Transaction::Kind::write));
  TESSERA_TRY(Statement s, db.prepare("DELETE FROM asked WHERE handle = ?1"));
  for (const encoded::Handle h : handles)
    TESSERA_CHECK(s.bind(1, static_cast<std::int64_t>(h)).run());
  return all.commit();
}

Result<void> rewrite(Registry& registry, Progress& progress) {
  progress.begin("rewriting both files", 2, "files");
  TESSERA_CHECK(registry.entries().rewrite());
  progress.advance(1);
  TESSERA_CHECK(registry.database().exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));
  TESSERA_TRY(const std::int64_t left,
              registry.database().integer("PRAGMA wal_checkpoint(TRUNCATE)"));
  progress.advance(1);
  if (left == 0) return {};
  return Error{ErrorCode::conflict,
               "another process reads the registry, so its log could not be emptied: end that "
               "process and run this again",
               registry.path()};
}

}  // namespace

Result<DestroyCount> destroy_archived(Registry& registry, const std::vector<StateId>& ids,
                                      Progress& progress) {
  TESSERA_TRY(Change change, Change::begin(registry));
  TESSERA_CHECK(change.database().exec("PRAGMA secure_delete=ON"));
  std::set<std::uint64_t> records;
  for (const StateId id : ids) {
    TESSERA_TRY(const auto of, records_of(change, id));
    records.insert(of.begin(), of.end());
  }
  DestroyCount out;
  out.records = static_cast<std::int64_t>(records.size());
  TESSERA_TRY(const auto handles, take_handles(change, records));
  out.entries = handles.size();
  TESSERA_TRY(out.payloads, forget_payloads(change, records));
  // A batch without files: the entries go at the registry's commit, as those of any batch come.
  const std::int64_t batch = change.batch() + 1;
  TESSERA_CHECK(registry.entries().drop_handles(batch, handles));
  TESSERA_CHECK(change.database().exec(fmt::format("UPDATE meta SET batch = {}", batch)));
  TESSERA_TRY(out.head, change.commit());
  TESSERA_CHECK(registry.entries().make_live(batch));
  TESSERA_CHECK(registry.entries().compact(progress));
  TESSERA_CHECK(forget_places(registry.path(), handles));
  TESSERA_CHECK(rewrite(registry, progress));
  return out;
}

}  // namespace tessera::registry
