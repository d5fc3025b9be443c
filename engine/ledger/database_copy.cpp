#include "engine/ledger/database_copy.h"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

#include <sqlite3.h>

#include "engine/ledger/page_sums.h"

namespace tessera::ledger {
namespace {

constexpr int kPagesAtOnce = 4096;

struct Close {
  void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

Result<Handle> open(const std::string& path, int flags) {
  sqlite3* raw = nullptr;
  const int rc = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, with_page_sums());
  Handle handle(raw);
  if (rc != SQLITE_OK) return Error{ErrorCode::io, "cannot open the database file", path};
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, 5000);
  return handle;
}

// Sums go with the pages; pages that lie in the log have none yet, and get them as they are
// written.
Result<void> keep_sums(sqlite3* from, sqlite3* to, const std::string& path) {
  sqlite3_stmt* ask = nullptr;
  int rc = sqlite3_prepare_v2(from, "PRAGMA page_size", -1, &ask, nullptr);
  if (rc == SQLITE_OK && sqlite3_step(ask) == SQLITE_ROW && has_page_sums(from))
    rc = give_page_sums(to, sqlite3_column_int(ask, 0));
  sqlite3_finalize(ask);
  if (rc != SQLITE_OK) return Error{ErrorCode::io, "cannot begin the copy", path};
  return {};
}

Result<void> copy_pages(sqlite3* from, sqlite3* to, const std::string& path, Progress& progress) {
  sqlite3_backup* const backup = sqlite3_backup_init(to, "main", from, "main");
  if (backup == nullptr) return Error{ErrorCode::io, "cannot begin the copy", path};
  progress.begin("copying", 0, "pages");
  int rc = SQLITE_OK;
  while (rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED) {
    rc = sqlite3_backup_step(backup, kPagesAtOnce);
    if (rc == SQLITE_OK) progress.advance(kPagesAtOnce);
    if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED) sqlite3_sleep(50);
  }
  const int end = sqlite3_backup_finish(backup);
  if (rc == SQLITE_IOERR_DATA || end == SQLITE_IOERR_DATA)
    return Error{ErrorCode::format, "a page of the database is torn or damaged", path};
  if (rc != SQLITE_DONE || end != SQLITE_OK)
    return Error{ErrorCode::io, "the copy failed (disk full, or a fault of reading or writing)",
                 path};
  return {};
}

Result<void> sync(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const bool done = fd >= 0 && ::fsync(fd) == 0;
  if (fd >= 0) ::close(fd);
  if (!done) return Error{ErrorCode::io, "cannot make the copy durable", path};
  return {};
}

}  // namespace

Result<void> copy_database(const std::string& from, const std::string& to, Progress& progress) {
  const int fd = ::open(to.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return errno == EEXIST ? Error{ErrorCode::conflict,
                                   "exists already; choose another name or move it away", to}
                           : Error{ErrorCode::io, "cannot create the file", to};
  ::close(fd);
  const auto copied = [&]() -> Result<void> {
    TESSERA_TRY(const Handle source, open(from, SQLITE_OPEN_READONLY));
    {
      TESSERA_TRY(const Handle target, open(to, SQLITE_OPEN_READWRITE));
      TESSERA_CHECK(keep_sums(source.get(), target.get(), to));
      const auto pages = copy_pages(source.get(), target.get(), to, progress);
      if (!pages) return pages.error();
    }  // closing folds a log of the copy's own back into its file
    return sync(to);
  }();
  if (!copied)
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) std::remove((to + suffix).c_str());
  return copied;
}

}  // namespace tessera::ledger
