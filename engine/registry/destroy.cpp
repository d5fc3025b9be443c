// The destruction of archived people: the event, and all that their records were encoded to, in
// both files.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "engine/registry/change.h"
#include "engine/registry/entry_tables.h"
#include "engine/registry/handle_map.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/removals.h"
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

DestroyCount count_of(const Removal& removal) {
  const auto& e = std::get<Destroyed>(removal.what);
  return {
      e.ids,       static_cast<std::int64_t>(e.records.size()), e.entries, e.payloads, e.who, e.why,
      removal.head};
}

bool names_all(const Destroyed& e, const std::vector<StateId>& ids) {
  const std::set<StateId> named(e.ids.begin(), e.ids.end());
  return std::ranges::all_of(ids, [&](StateId id) { return named.contains(id); });
}

}  // namespace

// Works on an open registry; made for a single run.
class Destroyer {
 public:
  Destroyer(Registry& registry, Progress& progress)
      : registry_(registry), s_(*registry.state_), progress_(progress) {}
  Result<DestroyCount> archived(const std::vector<StateId>& ids, const Author& author);
  Result<DestroyCount> again(const Destroyed& elsewhere);

 private:
  // True if anything was left to take, and the event tells it.
  Result<bool> take(Destroyed what);
  Result<DestroyCount> finish(const std::vector<StateId>& ids);

  Registry& registry_;
  Registry::State& s_;
  Progress& progress_;
};

Result<bool> Destroyer::take(Destroyed what) {
  TESSERA_CHECK(s_.require_whole_pages());
  TESSERA_TRY(Change change, Change::begin(registry_));
  TESSERA_CHECK(change.database().exec("PRAGMA secure_delete=ON"));
  const std::set<std::uint64_t> records(what.records.begin(), what.records.end());
  TESSERA_TRY(const auto handles, take_handles(change, records));
  TESSERA_TRY(what.payloads, forget_payloads(change, records));
  what.entries = static_cast<std::int64_t>(handles.size());
  if (handles.empty() && what.payloads == 0) return false;
  // A batch without files: the entries go at the registry's commit, as those of any batch come.
  const std::int64_t batch = change.batch() + 1;
  TESSERA_CHECK(registry_.entries().drop_handles(batch, handles));
  TESSERA_CHECK(forget_places(registry_.path(), handles));
  TESSERA_CHECK(change.database().exec(fmt::format("UPDATE meta SET batch = {}", batch)));
  TESSERA_CHECK(change.happen(what));
  TESSERA_TRY(const ledger::Head head, change.commit());
  (void)head;
  TESSERA_CHECK(registry_.entries().make_live(batch));
  return true;
}

// What a destruction does to the files, this one's or one's that was cut short.
Result<DestroyCount> Destroyer::finish(const std::vector<StateId>& ids) {
  s_.transaction.reset();
  TESSERA_TRY(const auto removals, removals_after(s_.db, 0));
  const auto last = std::ranges::find_if(removals.rbegin(), removals.rend(), [&](const Removal& r) {
    const auto* e = std::get_if<Destroyed>(&r.what);
    return e != nullptr && names_all(*e, ids);
  });
  if (last == removals.rend())
    return Error{ErrorCode::conflict, "nothing is left of these IDs to be destroyed", s_.db.path()};
  TESSERA_CHECK(registry_.entries().compact(progress_));
  TESSERA_CHECK(s_.rewrite(progress_));
  return count_of(*last);
}

Result<DestroyCount> Destroyer::archived(const std::vector<StateId>& ids, const Author& author) {
  TESSERA_CHECK(check_author(author));
  Destroyed what;
  what.ids = ids;
  what.who = author.who;
  what.why = author.why;
  {
    TESSERA_TRY(Change change, Change::begin(registry_));
    for (const StateId id : ids) {
      TESSERA_TRY(const auto of, records_of(change, id));
      what.records.insert(what.records.end(), of.begin(), of.end());
    }
  }
  std::ranges::sort(what.records);
  TESSERA_TRY(const bool taken, take(std::move(what)));
  (void)taken;
  return finish(ids);
}

Result<DestroyCount> Destroyer::again(const Destroyed& elsewhere) {
  Destroyed what = elsewhere;
  TESSERA_TRY(const std::int64_t last, s_.db.integer("SELECT ifnull(max(id), 0) FROM record"));
  std::erase_if(what.records, [&](std::uint64_t r) { return as_integer(r) > last; });
  {
    TESSERA_TRY(Change change, Change::begin(registry_));
    std::vector<StateId> known;
    for (const StateId id : what.ids) {
      TESSERA_TRY(const auto there, change.ask("SELECT 1 FROM state_id WHERE id = ?1", id));
      if (there) known.push_back(id);
    }
    what.ids = std::move(known);
  }
  const std::vector<StateId> ids = what.ids;
  TESSERA_TRY(const bool taken, take(std::move(what)));
  if (!taken) return DestroyCount{};
  return finish(ids);
}

Result<DestroyCount> destroy_archived(Registry& registry, const std::vector<StateId>& ids,
                                      const Author& author, Progress& progress) {
  return Destroyer(registry, progress).archived(ids, author);
}

Result<DestroyCount> destroy_again(Registry& registry, const Destroyed& elsewhere,
                                   Progress& progress) {
  return Destroyer(registry, progress).again(elsewhere);
}

}  // namespace tessera::registry
