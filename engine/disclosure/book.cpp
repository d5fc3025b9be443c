#include "engine/disclosure/book.h"

#include <algorithm>
#include <array>

#include "engine/ledger/json_event.h"

namespace tessera::disclosure {

using ledger::Database;
using ledger::Statement;
using ledger::Transaction;

namespace {

constexpr std::uint32_t kApplication = 0x54534442;  // "TSDB"

constexpr std::string_view kTables = R"sql(
CREATE TABLE setting(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
CREATE TABLE belongs(id INTEGER PRIMARY KEY CHECK(id = 1), registry BLOB NOT NULL CHECK(length(registry) = 16)) STRICT;
CREATE TABLE recipient(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, debarred_until TEXT) STRICT;
CREATE TABLE agreement(id INTEGER PRIMARY KEY, recipient INTEGER NOT NULL REFERENCES recipient(id),
                       project TEXT NOT NULL, basis TEXT NOT NULL, purpose TEXT NOT NULL,
                       agency TEXT NOT NULL, safeguards TEXT NOT NULL, fields TEXT NOT NULL,
                       people TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL,
                       destroy_by TEXT NOT NULL, form BLOB, certificate BLOB,
                       state TEXT NOT NULL CHECK(state IN ('submitted', 'approved', 'denied', 'destroyed')),
                       CHECK(starts <= ends AND ends <= destroy_by)) STRICT;
CREATE TABLE letter(id INTEGER PRIMARY KEY, agreement INTEGER NOT NULL REFERENCES agreement(id),
                    day TEXT NOT NULL, by TEXT NOT NULL, subject TEXT NOT NULL, file BLOB) STRICT;
CREATE TABLE release(id INTEGER PRIMARY KEY, agreement INTEGER NOT NULL REFERENCES agreement(id),
                     content BLOB NOT NULL, fields TEXT NOT NULL, lines INTEGER NOT NULL,
                     students INTEGER NOT NULL, audience TEXT NOT NULL, proposed_by TEXT NOT NULL,
                     proposed_on TEXT NOT NULL, approved_by TEXT, made_by TEXT, made_on TEXT,
                     CHECK(approved_by IS NULL OR approved_by <> proposed_by)) STRICT;
CREATE TABLE artefact(name TEXT PRIMARY KEY, release INTEGER NOT NULL UNIQUE REFERENCES release(id),
                      expires TEXT NOT NULL, downloads INTEGER NOT NULL, revoked_on TEXT, key BLOB,
                      CHECK(revoked_on IS NULL OR key IS NULL)) STRICT;
CREATE TABLE download(artefact TEXT NOT NULL REFERENCES artefact(name), day TEXT NOT NULL,
                      by TEXT NOT NULL) STRICT;
CREATE TABLE disclosed(state_id INTEGER NOT NULL, release INTEGER NOT NULL REFERENCES release(id),
                       PRIMARY KEY(state_id, release)) STRICT, WITHOUT ROWID;
CREATE INDEX disclosed_release ON disclosed(release);
CREATE TABLE pseudonym(project TEXT NOT NULL, state_id INTEGER NOT NULL, code TEXT NOT NULL,
                       PRIMARY KEY(project, state_id), UNIQUE(project, code)) STRICT, WITHOUT ROWID;
CREATE TRIGGER disclosed_kept BEFORE DELETE ON disclosed
BEGIN SELECT RAISE(ABORT, 'an accounting of disclosures is never shortened'); END;
CREATE TRIGGER artefact_dead BEFORE UPDATE ON artefact WHEN OLD.key IS NULL AND NEW.key IS NOT NULL
BEGIN SELECT RAISE(ABORT, 'a revoked artefact never opens again'); END;
CREATE TRIGGER belongs_fixed BEFORE UPDATE ON belongs
BEGIN SELECT RAISE(ABORT, 'a book never changes its registry'); END;
CREATE TRIGGER belongs_kept BEFORE DELETE ON belongs
BEGIN SELECT RAISE(ABORT, 'a book never leaves its registry'); END;
)sql";

std::string schema_text() { return std::string(kTables) + std::string(ledger::event_ddl()); }

Database::Options options(Database::Mode mode) {
  Database::Options o;
  o.mode = mode;
  o.application_id = kApplication;
  return o;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

}  // namespace

Result<void> require_person(std::string_view by) {
  static constexpr std::array<std::string_view, 14> kGroups = {
      "admin", "administrator", "root",   "user",    "guest", "office", "staff",
      "test",  "shared",        "public", "service", "team",  "it",     "helpdesk"};
  const bool plain = by.size() >= 2 && by.size() <= 64 && by.front() != ' ' && by.back() != ' ' &&
                     std::none_of(by.begin(), by.end(), [](char c) {
                       return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
                     });
  if (!plain)
    return Error{ErrorCode::usage, "--by takes a person's account: 2 to 64 printable characters",
                 ""};
  if (std::find(kGroups.begin(), kGroups.end(), lower(by)) != kGroups.end())
    return Error{ErrorCode::usage,
                 "--by takes one person's account, not that of a group or a role: each change must "
                 "be one person's",
                 ""};
  return {};
}

Result<void> Book::create(const std::string& path, const Settings& settings, const Act& act) {
  TESSERA_TRY(Database database, Database::open(path, options(Database::Mode::create)));
  Book book(std::move(database));
  {
    TESSERA_TRY(Transaction all, Transaction::begin(book.database_, Transaction::Kind::write));
    TESSERA_CHECK(book.database_.exec(schema_text()));
    TESSERA_TRY(Statement set,
                book.database_.prepare("INSERT INTO setting VALUES('two_persons_above', ?1)"));
    TESSERA_CHECK(set.bind(1, settings.two_persons_above).run());
    TESSERA_CHECK(all.commit());
  }
  json::Object body = {{"two_persons_above", settings.two_persons_above}};
  if (settings.registry) body.emplace_back("registry", to_hex(*settings.registry));
  const auto told = book.change("book", std::move(body), act, [&]() -> Result<void> {
    if (!settings.registry) return {};
    TESSERA_TRY(Statement s, book.database_.prepare("INSERT INTO belongs VALUES(1, ?1)"));
    return s.bind(1, ByteView(*settings.registry)).run();
  });
  if (told) book.database_.keep();
  return told;
}

Result<Book> Book::open(const std::string& path, bool write) {
  TESSERA_TRY(Database database, Database::open(path, options(write ? Database::Mode::read_write
                                                                    : Database::Mode::read_only)));
  TESSERA_CHECK(database.require_schema(schema_text()));
  TESSERA_CHECK(database.exec("PRAGMA secure_delete=ON"));
  return Book(std::move(database));
}

Result<Settings> Book::settings() {
  TESSERA_TRY(const std::int64_t above,
              database_.integer("SELECT value FROM setting WHERE name = 'two_persons_above'"));
  TESSERA_TRY(const auto of, registry());
  return Settings{above, of};
}

Result<std::optional<registry::RegistryName>> Book::registry() {
  TESSERA_TRY(Statement s, database_.prepare("SELECT registry FROM belongs"));
  TESSERA_TRY(const bool row, s.step());
  if (!row) return std::optional<registry::RegistryName>();
  registry::RegistryName name{};
  std::copy(s.blob(0).begin(), s.blob(0).end(), name.begin());
  return std::optional<registry::RegistryName>(name);
}

Result<void> Book::change(std::string_view type, json::Object body, const Act& act,
                          const std::function<Result<void>()>& changes) {
  TESSERA_CHECK(require_person(act.by));
  body.emplace_back("by", act.by);
  body.emplace_back("day", to_text(act.day));
  return ledger::change_with_event(database_, type, std::move(body), changes);
}

Result<void> Book::settle() { return database_.exec("PRAGMA wal_checkpoint(TRUNCATE)"); }

Result<ledger::Head> Book::verify(Progress& progress) {
  TESSERA_CHECK(database_.check_integrity());
  return ledger::verify_chain(database_, progress, {});
}

std::string list_text(const std::vector<std::string>& items) {
  json::Array array;
  for (const std::string& item : items) array.emplace_back(item);
  return json::to_canonical(json::Value(std::move(array)));
}

}  // namespace tessera::disclosure
