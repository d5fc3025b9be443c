#include "engine/ledger/page_sums.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <vector>

#include <sqlite3.h>

#include "engine/core/bytes.h"
#include "engine/core/digest.h"

namespace tessera::ledger {
namespace {

constexpr const char* kName = "tessera-page-sums";
constexpr int kSumBytes = 8;     // SQLite's reserved bytes
constexpr int kHeader = 100;     // bytes of a database's header, at the start of its first page
constexpr int kPageSizeAt = 16;  // two bytes, big-endian; 1 stands for 65536
constexpr int kReservedAt = 20;  // one byte
constexpr int kBeginWithSums = 0x74657353;            // a file control of ours
constexpr sqlite3_int64 kNeverWritten = 0x4000'0000;  // SQLite's locks lie on the page of this byte

sqlite3_vfs* system_vfs() { return sqlite3_vfs_find(nullptr); }

// SQLite's own file object lies behind this one.
struct SummedFile {
  sqlite3_file base;
  std::vector<std::uint8_t>* page;  // as it goes to the file; empty: the file has no sums
};

SummedFile* summed(sqlite3_file* file) { return reinterpret_cast<SummedFile*>(file); }
sqlite3_file* inner(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(summed(file) + 1);
}
const sqlite3_io_methods* methods(sqlite3_file* file) { return inner(file)->pMethods; }

void read_header(SummedFile& file, const std::uint8_t* header) {
  const std::size_t size = std::size_t{header[kPageSizeAt]} << 8U | header[kPageSizeAt + 1];
  const bool sums =
      std::memcmp(header, "SQLite format 3", 16) == 0 && header[kReservedAt] == kSumBytes;
  file.page->resize(!sums ? 0 : size == 1 ? 65536 : size);
}

std::uint64_t sum_of(const std::uint8_t* page, std::size_t size, std::uint64_t number) {
  return load_le<std::uint64_t>(checksum(ByteView(page, size - kSumBytes)).data()) ^ number;
}

bool fits(const std::vector<std::uint8_t>& page, std::uint64_t number) {
  return load_le<std::uint64_t>(page.data() + page.size() - kSumBytes) ==
         sum_of(page.data(), page.size(), number);
}

int close(sqlite3_file* file) {
  delete summed(file)->page;
  summed(file)->page = nullptr;
  return methods(file)->xClose(inner(file));
}

// The header alone, and the change counter in it, are read before any lock is held.
int read(sqlite3_file* file, void* out, int n, sqlite3_int64 offset) {
  std::vector<std::uint8_t>& page = *summed(file)->page;
  if (page.empty() || offset + n <= kHeader)
    return methods(file)->xRead(inner(file), out, n, offset);
  const auto size = static_cast<sqlite3_int64>(page.size());
  const sqlite3_int64 begin = offset / size * size;
  if (offset + n > begin + size) return SQLITE_IOERR_DATA;  // SQLite reads within a page
  const int rc = methods(file)->xRead(inner(file), page.data(), static_cast<int>(size), begin);
  if (rc == SQLITE_IOERR_SHORT_READ) return methods(file)->xRead(inner(file), out, n, offset);
  if (rc != SQLITE_OK) return rc;
  if (!fits(page, static_cast<std::uint64_t>(offset / size))) return SQLITE_IOERR_DATA;
  std::memcpy(out, page.data() + (offset - begin), static_cast<std::size_t>(n));
  return SQLITE_OK;
}

int write(sqlite3_file* file, const void* from, int n, sqlite3_int64 offset) {
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  if (offset == 0 && n >= kHeader) read_header(*summed(file), bytes);
  std::vector<std::uint8_t>& page = *summed(file)->page;
  const auto size = static_cast<sqlite3_int64>(page.size());
  if (page.empty() || n != size || offset % size != 0)
    return methods(file)->xWrite(inner(file), from, n, offset);
  std::copy_n(bytes, page.size() - kSumBytes, page.begin());
  store_le(page.data() + page.size() - kSumBytes,
           sum_of(page.data(), page.size(), static_cast<std::uint64_t>(offset / size)));
  return methods(file)->xWrite(inner(file), page.data(), n, offset);
}

int truncate(sqlite3_file* f, sqlite3_int64 n) { return methods(f)->xTruncate(inner(f), n); }
int sync(sqlite3_file* f, int flags) { return methods(f)->xSync(inner(f), flags); }
int file_size(sqlite3_file* f, sqlite3_int64* n) { return methods(f)->xFileSize(inner(f), n); }
int lock(sqlite3_file* f, int level) { return methods(f)->xLock(inner(f), level); }
int unlock(sqlite3_file* f, int level) { return methods(f)->xUnlock(inner(f), level); }
int reserved(sqlite3_file* f, int* out) { return methods(f)->xCheckReservedLock(inner(f), out); }
int control(sqlite3_file* f, int op, void* arg) {
  if (op == kBeginWithSums) {
    summed(f)->page->resize(static_cast<std::size_t>(*static_cast<int*>(arg)));
    return SQLITE_OK;
  }
  return methods(f)->xFileControl(inner(f), op, arg);
}
int sector_size(sqlite3_file* f) { return methods(f)->xSectorSize(inner(f)); }
int traits(sqlite3_file* f) { return methods(f)->xDeviceCharacteristics(inner(f)); }
int shm_map(sqlite3_file* f, int region, int size, int extend, void volatile** out) {
  return methods(f)->xShmMap(inner(f), region, size, extend, out);
}
int shm_lock(sqlite3_file* f, int at, int n, int flags) {
  return methods(f)->xShmLock(inner(f), at, n, flags);
}
void shm_barrier(sqlite3_file* f) { methods(f)->xShmBarrier(inner(f)); }
int shm_unmap(sqlite3_file* f, int drop) { return methods(f)->xShmUnmap(inner(f), drop); }

// Version 2: a log in shared memory, but no pages mapped, for those would be read past us.
constexpr sqlite3_io_methods kMethods = {2,           close,       read,    write,   truncate,
                                         sync,        file_size,   lock,    unlock,  reserved,
                                         control,     sector_size, traits,  shm_map, shm_lock,
                                         shm_barrier, shm_unmap,   nullptr, nullptr};

// Logs, journals and what is temporary are SQLite's own business.
int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* out_flags) {
  sqlite3_vfs* const system = system_vfs();
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0)
    return system->xOpen(system, name, file, flags, out_flags);
  file->pMethods = nullptr;
  std::memset(inner(file), 0, static_cast<std::size_t>(system->szOsFile));
  const int rc = system->xOpen(system, name, inner(file), flags, out_flags);
  if (inner(file)->pMethods == nullptr) return rc;
  if (rc != SQLITE_OK || methods(file)->iVersion < 2) {
    methods(file)->xClose(inner(file));
    return rc != SQLITE_OK ? rc : SQLITE_CANTOPEN;
  }
  summed(file)->page = new (std::nothrow) std::vector<std::uint8_t>();
  if (summed(file)->page == nullptr) {
    methods(file)->xClose(inner(file));
    return SQLITE_NOMEM;
  }
  file->pMethods = &kMethods;
  std::uint8_t header[kHeader] = {};
  if (methods(file)->xRead(inner(file), header, kHeader, 0) == SQLITE_OK)
    read_header(*summed(file), header);
  return SQLITE_OK;
}

}  // namespace

int give_page_sums(sqlite3* db, int page_size) {
  int reserve = kSumBytes;
  const int rc = sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve);
  return rc != SQLITE_OK ? rc : sqlite3_file_control(db, "main", kBeginWithSums, &page_size);
}

bool has_page_sums(sqlite3* db) {
  int reserve = -1;  // asks
  return sqlite3_file_control(db, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve) == SQLITE_OK &&
         reserve == kSumBytes;
}

int check_page_sums(sqlite3* db) {
  sqlite3_file* file = nullptr;
  int rc = sqlite3_file_control(db, "main", SQLITE_FCNTL_FILE_POINTER, &file);
  sqlite3_int64 bytes = 0;
  if (rc == SQLITE_OK) rc = file->pMethods->xFileSize(file, &bytes);
  if (rc != SQLITE_OK || file->pMethods != &kMethods || summed(file)->page->empty()) return rc;
  std::vector<std::uint8_t> page(summed(file)->page->size());
  const auto size = static_cast<sqlite3_int64>(page.size());
  for (sqlite3_int64 at = 0; at + size <= bytes; at += size) {
    if (at == kNeverWritten / size * size) continue;
    rc = file->pMethods->xRead(file, page.data(), static_cast<int>(size), at);
    if (rc != SQLITE_OK) return rc;
  }
  return SQLITE_OK;
}

const char* with_page_sums() {
  static const bool kRegistered = [] {
    static sqlite3_vfs vfs = *system_vfs();
    vfs.pNext = nullptr;
    vfs.zName = kName;
    vfs.szOsFile += static_cast<int>(sizeof(SummedFile));
    vfs.xOpen = open;
    return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
  }();
  return kRegistered ? kName : nullptr;
}

}  // namespace tessera::ledger
