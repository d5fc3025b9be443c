// Verification: the events, replayed into an empty database, must make the tables that are there.
#include <fmt/format.h>

#include "engine/registry/registry.h"
#include "engine/registry/registry_state.h"
#include "engine/registry/same_handles.h"
#include "engine/registry/tables.h"

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
    TESSERA_CHECK(require_same_handles(*this, s.handles_of(e), e));
  }
  return head;
}

}  // namespace tessera::registry
