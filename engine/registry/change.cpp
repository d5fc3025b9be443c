#include "engine/registry/change.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/registry/registry_state.h"

namespace tessera::registry {

using ledger::Statement;

Result<Change> Change::begin(Registry& registry) {
  Registry::State& s = *registry.state_;
  if (s.access != Access::write || !s.transaction)
    return Error{ErrorCode::usage, "a registry takes one change each time it is opened for writing",
                 s.db.path()};
  Change change(registry);
  TESSERA_TRY(change.tables_, Tables::open(s.db));
  TESSERA_TRY(change.log_, ledger::EventLog::open(s.db));
  return change;
}

ledger::Database& Change::database() { return registry_->state_->db; }
std::int64_t Change::batch() const { return registry_->state_->batch; }

Result<void> Change::happen(const Happening& happening) {
  TESSERA_CHECK(tables_->apply(happening));
  return log_->append(type_of(happening), body_of(happening));
}

Result<std::optional<std::int64_t>> Change::ask(std::string_view sql, std::uint64_t number) {
  TESSERA_TRY(Statement s, database().prepare(sql));
  TESSERA_TRY(const bool row, s.bind(1, as_integer(number)).step());
  if (!row || s.is_null(0)) return std::optional<std::int64_t>();
  return std::optional<std::int64_t>(s.integer(0));
}

Result<std::vector<std::uint64_t>> Change::list(std::string_view sql, std::uint64_t number) {
  TESSERA_TRY(Statement s, database().prepare(sql));
  s.bind(1, as_integer(number));
  std::vector<std::uint64_t> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out.push_back(static_cast<std::uint64_t>(s.integer(0)));
  }
}

Result<std::int64_t> Change::next(std::string_view table) {
  return database().integer(fmt::format("SELECT ifnull(max(id), 0) + 1 FROM {}", table));
}

Result<std::vector<RecordName>> Change::names_of(const std::vector<RecordId>& records) {
  Registry::State& s = *registry_->state_;
  TESSERA_TRY(Statement name, s.db.prepare("SELECT o.name, r.population, r.key FROM record r JOIN "
                                           "owner o ON o.id = r.owner WHERE r.id = ?1"));
  std::vector<RecordName> whose;
  for (const RecordId record : records) {
    TESSERA_TRY(const bool row, name.bind(1, as_integer(record)).step());
    if (!row) continue;
    RecordName& of = whose.emplace_back();
    of.owner = name.text(0);
    of.population = static_cast<encoded::Population>(name.integer(1));
    if (!copy_whole(name.blob(2), of.key))
      return Error{ErrorCode::format, "a record has no key; restore from a backup", s.db.path()};
    name.reset();
  }
  return whose;
}

Result<StateId> Change::fresh_id(const std::vector<RecordId>& records, Random& random) {
  Registry::State& s = *registry_->state_;
  TESSERA_TRY(FreshIds ids, FreshIds::open(s.db, s.lost ? &*s.lost : nullptr));
  TESSERA_TRY(const auto whose, names_of(records));
  TESSERA_TRY(const FreshIds::Fresh fresh, ids.next(whose, random));
  return fresh.id;
}

Result<StateId> Change::forgotten_id(RecordId record) {
  Registry::State& s = *registry_->state_;
  TESSERA_TRY(FreshIds ids, FreshIds::open(s.db, s.lost ? &*s.lost : nullptr));
  TESSERA_TRY(const auto whose, names_of({record}));
  return ids.forgotten(whose);
}

Result<ledger::Head> Change::commit() {
  Registry::State& s = *registry_->state_;
  TESSERA_TRY(const ledger::SignedHead sealed, s.seal(*log_));
  s.transaction.reset();
  return sealed.head;
}

Result<void> check_author(const Author& a) {
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '@' || c == '-';
  };
  if (a.who.empty() || a.who.size() > 64 || !std::all_of(a.who.begin(), a.who.end(), plain))
    return Error{ErrorCode::usage,
                 "--by names the person who decides: 1 to 64 letters, digits or . _ @ -", ""};
  const auto printable = [](char c) { return static_cast<unsigned char>(c) >= 32 && c != 127; };
  if (a.why.empty() || a.why.size() > 200 || !std::all_of(a.why.begin(), a.why.end(), printable))
    return Error{ErrorCode::usage,
                 "--reason is 1 to 200 printable characters; it stays for ever, so give a case "
                 "number and never a name",
                 ""};
  return {};
}

}  // namespace tessera::registry
