#include "engine/desk/desk.h"

#include <algorithm>

#include "engine/core/file.h"
#include "engine/ledger/json_event.h"

namespace tessera::desk {

using ledger::Database;
using ledger::Statement;
using ledger::Transaction;

namespace {

constexpr std::uint32_t kApplication = 0x74657344;  // "tesD"

constexpr std::string_view kTables = R"sql(
CREATE TABLE meta(id INTEGER PRIMARY KEY CHECK(id = 1), registry BLOB NOT NULL CHECK(length(registry) = 16)) STRICT;
CREATE TABLE request(id INTEGER PRIMARY KEY,
                     kind TEXT NOT NULL CHECK(kind IN ('resubmission', 'amendment')),
                     owner TEXT NOT NULL, people TEXT NOT NULL CHECK(people IN ('student', 'staff')),
                     about TEXT NOT NULL, what TEXT NOT NULL, due TEXT NOT NULL, opened_on TEXT NOT NULL,
                     opened_by TEXT NOT NULL, state TEXT NOT NULL CHECK(state IN ('open', 'answered', 'closed')),
                     answer TEXT NOT NULL, answered_on TEXT NOT NULL, answered_by TEXT NOT NULL,
                     outcome TEXT NOT NULL, closed_on TEXT NOT NULL, closed_by TEXT NOT NULL) STRICT;
CREATE TRIGGER request_kept BEFORE DELETE ON request
BEGIN SELECT RAISE(ABORT, 'a request is closed, never deleted'); END;
CREATE TRIGGER request_over BEFORE UPDATE ON request WHEN OLD.state = 'closed'
BEGIN SELECT RAISE(ABORT, 'a closed request stays closed'); END;
)sql";

std::string schema_text() { return std::string(kTables) + ledger::event_ddl(); }

Database::Options options(Database::Mode mode) {
  return {.mode = mode, .application_id = kApplication, .version = 1, .cache_mib = 4};
}

Result<void> fill(Database& db, const registry::RegistryName& registry) {
  TESSERA_TRY(Transaction all, Transaction::begin(db, Transaction::Kind::write));
  TESSERA_CHECK(db.exec(schema_text()));
  TESSERA_TRY(Statement meta, db.prepare("INSERT INTO meta(id, registry) VALUES(1, ?1)"));
  TESSERA_CHECK(meta.bind(1, ByteView(registry)).run());
  return all.commit();
}

}  // namespace

std::string desk_path(const std::string& registry_path) { return registry_path + ".desk"; }

Result<Desk> Desk::check(Database db, const registry::RegistryName& registry) {
  TESSERA_CHECK(db.require_schema(schema_text()));
  {
    TESSERA_TRY(Statement meta, db.prepare("SELECT registry FROM meta"));
    TESSERA_TRY(const bool row, meta.step());
    if (!row || !std::ranges::equal(meta.blob(0), registry))
      return Error{ErrorCode::conflict, "this desk belongs to another registry", db.path()};
  }
  return Desk(std::move(db));
}

Result<Desk> Desk::open(const std::string& path, const registry::RegistryName& registry) {
  TESSERA_TRY(Database db, Database::open(path, options(Database::Mode::read_only)));
  return check(std::move(db), registry);
}

Result<Desk> Desk::open_or_make(const std::string& path, const registry::RegistryName& registry) {
  const bool there = file_exists(path);
  TESSERA_TRY(Database db, Database::open(path, options(there ? Database::Mode::read_write
                                                              : Database::Mode::create)));
  if (!there) {
    TESSERA_CHECK(fill(db, registry));
    db.keep();
  }
  return check(std::move(db), registry);
}

Result<void> Desk::change(std::string_view type, json::Object body, const Act& act,
                          const std::function<Result<void>()>& changes) {
  body.emplace_back("by", act.by);
  body.emplace_back("day", act.day);
  return ledger::change_with_event(database_, type, std::move(body), changes);
}

Result<ledger::Head> Desk::verify(Progress& progress) {
  TESSERA_CHECK(database_.check_integrity());
  return ledger::verify_chain(database_, progress, {});
}

}  // namespace tessera::desk
