// SQLite behind values: a database, its statements, its transactions. Every failure is a Result.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace tessera::ledger {

// A prepared statement; parameters are numbered from 1, columns from 0. Text and bytes that are
// bound must live until the statement is stepped or bound again. Lives no longer than its Database.
// Not thread safe.
class Statement {
 public:
  Statement() = default;
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&& other) noexcept;
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement();

  Statement& bind(int at, std::int64_t value);
  Statement& bind(int at, std::string_view value);
  Statement& bind(int at, ByteView value);
  Statement& bind_null(int at);
  // The value, or null for 0: how "no person" and the like are kept.
  Statement& bind_or_null(int at, std::int64_t value);

  // True: a row can be read with the accessors below. False: the end; the statement is ready again.
  Result<bool> step();
  // For statements that return nothing: steps to the end and is ready again.
  Result<void> run();
  // Rewinds; call when leaving a row loop early, as an open read holds back checkpoints.
  void reset();

  int columns() const;
  bool is_null(int column) const;
  std::int64_t integer(int column) const;   // 0 for null
  std::string_view text(int column) const;  // lives until the next step, reset or bind
  ByteView blob(int column) const;          // the same

 private:
  friend class Database;
  sqlite3_stmt* statement_ = nullptr;
  std::string where_;
};

// One connection. Failures are told apart as callers act on them: busy or a broken constraint is
// `conflict`, a damaged file `format`, a full disk or failed read or write `io`, too big `limit`.
// Messages name the file, never a stored value. Not thread safe.
class Database {
 public:
  enum class Mode : std::uint8_t { create, read_write, read_only };
  struct Options {
    Mode mode = Mode::read_write;
    std::uint32_t application_id = 0;  // written at create, demanded at open
    std::uint32_t version = 1;         // the format number, likewise
    std::uint32_t page_size = 4096;    // create only; bytes, a power of two up to 65536
    std::uint32_t cache_mib = 64;
    std::uint32_t wait_ms = 5000;  // how long to wait for another process's lock
  };
  // Each page of what is created has a sum, and one that does not fit is never read: error `format`
  // (page_sums.h). What was made without sums is read as it is.
  // create: error `conflict` if the file exists; its mode is 0600, and it is gone again with this
  // object unless keep() was called, so that what could not be filled leaves nothing. Write-ahead
  // log, foreign keys on, synchronous FULL. read_only needs the file to be there and changes
  // nothing that it holds; -wal and -shm, made while it is open, are gone when the last one closes.
  static Result<Database> open(const std::string& path, const Options& options);
  // A database in memory: replay and expected schemas.
  static Result<Database> in_memory();
  Database(Database&& other) noexcept;
  Database& operator=(Database&& other) noexcept;
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;
  ~Database();

  void keep() { made_ = false; }  // what was created is whole

  Result<void> exec(std::string_view sql);  // any number of statements, without parameters
  Result<Statement> prepare(std::string_view sql);
  // First column of the first row; error `format` if there is none.
  Result<std::int64_t> integer(std::string_view sql);
  bool in_transaction() const;
  std::int64_t last_rowid() const;
  const std::string& path() const { return path_; }

  // Error `format` unless the stored schema text is what `ddl` makes: a changed byte there can
  // switch a trigger off in silence.
  Result<void> require_schema(std::string_view ddl);
  // That every page in the file fits its sum: one read of the file, no more. For what must not
  // begin on a damaged one. Of a file without sums nothing is said.
  Result<void> check_pages();
  // SQLite's own check of pages, indexes and constraints.
  Result<void> check_integrity();

 private:
  Database() = default;
  sqlite3* handle_ = nullptr;
  std::string path_;
  bool made_ = false;  // by us, and not yet whole
};

// Begins at once; rolls back when destroyed, unless committed. One at a time per Database, and it
// may not outlive it.
class Transaction {
 public:
  enum class Kind : std::uint8_t { read, write };  // write takes the one write lock at begin
  static Result<Transaction> begin(Database& database, Kind kind);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&& other) = delete;
  ~Transaction();
  Result<void> commit();

 private:
  explicit Transaction(Database& database) : database_(&database) {}
  Database* database_;
};

}  // namespace tessera::ledger
