#include "engine/ledger/database.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>
#include <sqlite3.h>

#include "engine/ledger/page_sums.h"

namespace tessera::ledger {
namespace {

ErrorCode code_of(int rc) {
  if (rc == SQLITE_IOERR_DATA) return ErrorCode::format;
  switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_CONSTRAINT:
      return ErrorCode::conflict;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_FORMAT:
    case SQLITE_SCHEMA:
    case SQLITE_ERROR:
      return ErrorCode::format;
    case SQLITE_TOOBIG:
    case SQLITE_NOMEM:
      return ErrorCode::limit;
    default:
      return ErrorCode::io;
  }
}

std::string words_of(int rc, sqlite3* db) {
  if (rc == SQLITE_IOERR_DATA)
    return "a page of the database is torn or damaged; restore it from a backup";
  switch (rc & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process is writing to it; try again when that has ended";
    case SQLITE_FULL:
      return "no space left: nothing was changed; free some space and run again";
    case SQLITE_IOERR:
      return "reading or writing failed (disk full, file size limit or a fault): nothing was "
             "changed";
    case SQLITE_CORRUPT:
      return "the database is damaged; restore it from a backup";
    case SQLITE_NOTADB:
      return "not a database of this kind, or its first bytes are damaged";
    case SQLITE_CANTOPEN:
      return "cannot open the database file";
    case SQLITE_READONLY:
      return "the database cannot be written to (permissions, or it is a copy in use)";
    // Names of tables and columns, or a trigger's own text: SQLite puts no stored value in these.
    case SQLITE_CONSTRAINT:
      return fmt::format("refused by the database: {}", sqlite3_errmsg(db));
    case SQLITE_ERROR:
      return fmt::format("not the tables expected: {}", sqlite3_errmsg(db));
    default:
      return fmt::format("database failure: {}", sqlite3_errstr(rc));
  }
}

Error error_of(int rc, sqlite3* db, const std::string& where) {
  return {code_of(rc), words_of(rc, db), where};
}

}  // namespace

Statement::Statement(Statement&& other) noexcept
    : statement_(std::exchange(other.statement_, nullptr)), where_(std::move(other.where_)) {}
Statement& Statement::operator=(Statement&& other) noexcept {
  std::swap(statement_, other.statement_);
  std::swap(where_, other.where_);
  return *this;
}
Statement::~Statement() { sqlite3_finalize(statement_); }

// A bind fails only for a wrong position, a programmer's error, or no memory; either way the
// parameter stays null and the step that follows meets a NOT NULL or finds nothing.
Statement& Statement::bind(int at, std::int64_t value) {
  [[maybe_unused]] const int rc = sqlite3_bind_int64(statement_, at, value);
  assert(rc == SQLITE_OK);
  return *this;
}
Statement& Statement::bind(int at, std::string_view value) {
  [[maybe_unused]] const int rc =
      sqlite3_bind_text64(statement_, at, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  assert(rc == SQLITE_OK);
  return *this;
}
Statement& Statement::bind(int at, ByteView value) {
  // An empty view may have a null pointer, which SQLite would read as NULL.
  static constexpr std::uint8_t kEmpty = 0;
  [[maybe_unused]] const int rc = sqlite3_bind_blob64(
      statement_, at, value.empty() ? &kEmpty : value.data(), value.size(), SQLITE_STATIC);
  assert(rc == SQLITE_OK);
  return *this;
}
Statement& Statement::bind_null(int at) {
  sqlite3_bind_null(statement_, at);
  return *this;
}
Statement& Statement::bind_or_null(int at, std::int64_t value) {
  return value == 0 ? bind_null(at) : bind(at, value);
}

Result<bool> Statement::step() {
  const int rc = sqlite3_step(statement_);
  if (rc == SQLITE_ROW) return true;
  sqlite3* db = sqlite3_db_handle(statement_);
  if (rc != SQLITE_DONE) {
    const Error error = error_of(rc, db, where_);
    sqlite3_reset(statement_);
    return error;
  }
  sqlite3_reset(statement_);
  return false;
}

Result<void> Statement::run() {
  for (;;) {
    TESSERA_TRY(const bool row, step());
    if (!row) return {};
  }
}

void Statement::reset() { sqlite3_reset(statement_); }

int Statement::columns() const { return sqlite3_column_count(statement_); }
bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}
std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}
std::string_view Statement::text(int column) const {
  const auto* p = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (p == nullptr) return {};
  return {p, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}
ByteView Statement::blob(int column) const {
  const auto* p = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (p == nullptr) return {};
  return {p, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

namespace {

// Makes the file ourselves, so that it is private from its first byte and never somebody else's.
Result<void> make_file(const std::string& path) {
  const int fd = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return errno == EEXIST ? Error{ErrorCode::conflict,
                                   "exists already; choose another name or move it away", path}
                           : Error{ErrorCode::io, "cannot create the file", path};
  ::close(fd);
  return {};
}

Result<void> set_up(Database& db, const Database::Options& options) {
  TESSERA_CHECK(db.exec(
      fmt::format("PRAGMA cache_size=-{}; PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF;"
                  "PRAGMA recursive_triggers=ON; PRAGMA synchronous=FULL;",
                  options.cache_mib * 1024)));
  if (options.mode == Database::Mode::read_only) TESSERA_CHECK(db.exec("PRAGMA query_only=ON"));
  if (options.mode == Database::Mode::create) {
    TESSERA_CHECK(db.exec(
        fmt::format("PRAGMA page_size={}; PRAGMA journal_mode=WAL; PRAGMA application_id={};"
                    "PRAGMA user_version={};",
                    options.page_size, options.application_id, options.version)));
    return {};
  }
  TESSERA_TRY(const std::int64_t id, db.integer("PRAGMA application_id"));
  if (id != options.application_id)
    return Error{ErrorCode::format, "a database, but not one of this kind", db.path()};
  TESSERA_TRY(const std::int64_t version, db.integer("PRAGMA user_version"));
  if (version != options.version)
    return Error{
        ErrorCode::format,
        fmt::format("has format {}, this program reads format {}", version, options.version),
        db.path()};
  return {};
}

}  // namespace

Result<Database> Database::open(const std::string& path, const Options& options) {
  if (options.mode == Mode::create) TESSERA_CHECK(make_file(path));
  Database db;
  db.path_ = path;
  db.made_ = options.mode == Mode::create;
  // Reading alone is a pragma (set_up): a connection whose file is open for reading alone cannot
  // take the lock under which the last one removes -wal and -shm, and would leave both behind. A
  // file that we may not write to SQLite opens for reading by itself.
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
  if (options.mode != Mode::create && ::access(path.c_str(), F_OK) != 0)
    return Error{ErrorCode::io, "no such file", path};
  const int rc = sqlite3_open_v2(path.c_str(), &db.handle_, flags, with_page_sums());
  if (rc != SQLITE_OK) return error_of(rc, db.handle_, path);
  sqlite3_extended_result_codes(db.handle_, 1);
  sqlite3_busy_timeout(db.handle_, static_cast<int>(options.wait_ms));
  if (options.mode == Mode::create &&
      give_page_sums(db.handle_, static_cast<int>(options.page_size)) != SQLITE_OK)
    return Error{ErrorCode::io, "cannot create the database", path};
  TESSERA_CHECK(set_up(db, options));
  return db;
}

Result<Database> Database::in_memory() {
  Database db;
  db.path_ = "(in memory)";
  const int rc =
      sqlite3_open_v2(":memory:", &db.handle_,
                      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
  if (rc != SQLITE_OK) return error_of(rc, db.handle_, db.path_);
  TESSERA_CHECK(db.exec("PRAGMA foreign_keys=ON"));
  return db;
}

Database::Database(Database&& other) noexcept
    : handle_(std::exchange(other.handle_, nullptr)),
      path_(std::move(other.path_)),
      made_(std::exchange(other.made_, false)) {}
Database& Database::operator=(Database&& other) noexcept {
  std::swap(handle_, other.handle_);
  std::swap(path_, other.path_);
  std::swap(made_, other.made_);
  return *this;
}
// close_v2 waits for statements that outlive us, so members may be destroyed in any order.
Database::~Database() {
  sqlite3_close_v2(handle_);
  if (made_)
    for (const char* suffix : {"", "-wal", "-shm"}) ::unlink((path_ + suffix).c_str());
}

Result<void> Database::exec(std::string_view sql) {
  const int rc = sqlite3_exec(handle_, std::string(sql).c_str(), nullptr, nullptr, nullptr);
  if (rc != SQLITE_OK) return error_of(rc, handle_, path_);
  return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
  Statement s;
  s.where_ = path_;
  const int rc = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()),
                                    SQLITE_PREPARE_PERSISTENT, &s.statement_, nullptr);
  if (rc != SQLITE_OK) return error_of(rc, handle_, path_);
  return s;
}

Result<std::int64_t> Database::integer(std::string_view sql) {
  TESSERA_TRY(Statement s, prepare(sql));
  TESSERA_TRY(const bool row, s.step());
  if (!row) return Error{ErrorCode::format, "a value that must be there is missing", path_};
  return s.integer(0);
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
std::int64_t Database::last_rowid() const { return sqlite3_last_insert_rowid(handle_); }

namespace {

Result<std::vector<std::string>> schema_lines(Database& db) {
  TESSERA_TRY(Statement s, db.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema "
                                      "WHERE name NOT LIKE 'sqlite_stat%' ORDER BY type, name"));
  std::vector<std::string> lines;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return lines;
    lines.push_back(fmt::format("{} {} {}: {}", s.text(0), s.text(1), s.text(2), s.text(3)));
  }
}

}  // namespace

Result<void> Database::require_schema(std::string_view ddl) {
  TESSERA_TRY(Database plain, in_memory());
  TESSERA_CHECK(plain.exec(ddl));
  TESSERA_TRY(const auto expected, schema_lines(plain));
  TESSERA_TRY(const auto found, schema_lines(*this));
  if (found != expected)
    return Error{
        ErrorCode::format,
        "its tables or triggers are not as this program makes them: damaged or changed by hand; "
        "restore it from a backup",
        path_};
  return {};
}

Result<void> Database::check_integrity() {
  TESSERA_TRY(Statement s, prepare("PRAGMA integrity_check(1)"));
  TESSERA_TRY(const bool row, s.step());
  if (!row || s.text(0) != "ok")
    return Error{ErrorCode::format,
                 "SQLite's integrity check finds damage; restore it from a backup", path_};
  s.reset();
  TESSERA_TRY(Statement keys, prepare("PRAGMA foreign_key_check"));
  TESSERA_TRY(const bool broken, keys.step());
  if (broken)
    return Error{ErrorCode::format,
                 "a row refers to one that is not there; restore it from a backup", path_};
  return {};
}

Result<void> Database::check_pages() {
  const int rc = check_page_sums(handle_);
  if (rc != SQLITE_OK) return error_of(rc, handle_, path_);
  return {};
}

Result<Transaction> Transaction::begin(Database& database, Kind kind) {
  TESSERA_CHECK(database.exec(kind == Kind::write ? "BEGIN IMMEDIATE" : "BEGIN"));
  return Transaction(database);
}
Transaction::Transaction(Transaction&& other) noexcept
    : database_(std::exchange(other.database_, nullptr)) {}
Transaction::~Transaction() {
  if (database_ == nullptr || !database_->in_transaction()) return;
  // A rollback that fails leaves a log that the next opening undoes.
  [[maybe_unused]] const Result<void> undone = database_->exec("ROLLBACK");
}
Result<void> Transaction::commit() {
  TESSERA_CHECK(database_->exec("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace tessera::ledger
