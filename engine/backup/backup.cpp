#include "engine/backup/backup.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "engine/access/access_log.h"
#include "engine/core/digest.h"
#include "engine/core/file.h"
#include "engine/core/hex_member.h"
#include "engine/core/json.h"
#include "engine/desk/desk.h"
#include "engine/ledger/database_copy.h"
#include "engine/registry/access_mark.h"
#include "engine/registry/registry.h"
#include "engine/registry/removals.h"

namespace tessera::backup {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kFormat = "tessera-backup-1";
constexpr const char* kDatabase = "registry.db";
constexpr const char* kEntries = "registry.db.entries";
constexpr const char* kAccess = "registry.db.access";
constexpr const char* kDesk = "registry.db.desk";
constexpr std::string_view kEntriesEnding = ".entries";

Result<Sha256> digest_of(const std::string& path) {
  TESSERA_TRY(const MappedFile file, MappedFile::open(path));
  constexpr std::size_t kPiece = std::size_t{64} << 20;  // memory held of a file of any size
  Sha256Stream digest;
  for (std::size_t at = 0; at < file.view().size(); at += kPiece) {
    const ByteView piece = file.view().subspan(at, std::min(kPiece, file.view().size() - at));
    digest.update(piece);
    file.release(at, piece.size());
  }
  return digest.finish();
}

std::string in(const std::string& folder, const char* name) {
  return (fs::path(folder) / name).string();
}

json::Value to_json(const Manifest& m) {
  json::Object out = {{"format", kFormat},
                      {"registry", m.registry},
                      {"made", m.made},
                      {"batch", m.batch},
                      {"events", m.head.seq},
                      {"head", to_hex(m.head.hash)},
                      {"database", to_hex(m.database)},
                      {"entries", to_hex(m.entries)}};
  if (m.access) out.emplace_back("access", to_hex(*m.access));
  if (m.desk) out.emplace_back("desk", to_hex(*m.desk));
  return out;
}

Result<Manifest> read_manifest(const std::string& folder) {
  const std::string path = in(folder, "backup.json");
  TESSERA_TRY(const std::string text, read_file(path, 1 << 20));
  TESSERA_TRY(const json::Value v, json::parse(text, path));
  Manifest m;
  const auto word = [&](const char* name) -> const std::string* {
    const json::Value* member = v.find(name);
    return member != nullptr ? member->as_string() : nullptr;
  };
  const auto number = [&](const char* name) -> const std::int64_t* {
    const json::Value* member = v.find(name);
    return member != nullptr ? member->as_int() : nullptr;
  };
  if (word("format") == nullptr || *word("format") != kFormat || word("registry") == nullptr ||
      word("made") == nullptr || number("batch") == nullptr || number("events") == nullptr ||
      !hex_member(v, "head", m.head.hash) || !hex_member(v, "database", m.database) ||
      !hex_member(v, "entries", m.entries))
    return Error{ErrorCode::format, "this is no backup's description; name the backup's folder",
                 path};
  m.registry = *word("registry");
  m.made = *word("made");
  m.batch = *number("batch");
  m.head.seq = *number("events");
  for (const auto& [name, digest] : {std::pair{"access", &m.access}, {"desk", &m.desk}}) {
    if (v.find(name) == nullptr) continue;
    if (!hex_member(v, name, digest->emplace()))
      return Error{ErrorCode::format, fmt::format("the digest of '{}' is damaged", name), path};
  }
  return m;
}

// While this lives no batch can come between the copies of the two files.
Result<Manifest> copy_locked(const std::string& registry, const std::string& folder,
                             const std::string& made, Progress& progress) {
  TESSERA_TRY(registry::Registry held, registry::Registry::open(registry, registry::Access::write));
  Manifest m;
  m.registry = to_hex(held.name());
  m.made = made;
  m.batch = held.last_batch();
  TESSERA_TRY(m.head, ledger::read_head(held.database()));
  TESSERA_CHECK(ledger::copy_database(registry, in(folder, kDatabase), progress));
  TESSERA_CHECK(ledger::copy_database(registry + std::string(kEntriesEnding), in(folder, kEntries),
                                      progress));
  // After the registry, which stands still: its answers then name no head that the copy has not.
  TESSERA_TRY(const auto access, registry::access_log_of(registry));
  if (access) {
    TESSERA_CHECK(
        ledger::copy_database(access::access_path(registry), in(folder, kAccess), progress));
    m.access.emplace();
  }
  if (file_exists(desk::desk_path(registry))) {
    TESSERA_CHECK(ledger::copy_database(desk::desk_path(registry), in(folder, kDesk), progress));
    m.desk.emplace();
  }
  return m;
}

// That the access log is there if, and only if, the registry has accounts, and is whole.
Result<void> check_access(const std::string& folder, const Manifest& m,
                          const registry::Registry& copy, Progress& progress) {
  TESSERA_TRY(const auto name, registry::access_log_of(in(folder, kDatabase)));
  if (name.has_value() != m.access.has_value())
    return Error{ErrorCode::format,
                 "the registry has accounts, but the backup was made without its access log",
                 folder};
  if (!name) return {};
  TESSERA_TRY(const ledger::Head head, access::AccessLog::verify_copy(in(folder, kAccess), *name,
                                                                      copy.public_key(), progress));
  (void)head;
  return {};
}

// That the desk is this registry's, and whole.
Result<void> check_desk(const std::string& path, const registry::Registry& copy,
                        Progress& progress) {
  TESSERA_TRY(desk::Desk kept, desk::Desk::open(path, copy.name()));
  TESSERA_TRY(const ledger::Head head, kept.verify(progress));
  (void)head;
  return {};
}

// All that a check asks but the digests: that the files are whole and one registry's.
Result<void> check_contents(const std::string& folder, const Manifest& m, Progress& progress) {
  TESSERA_TRY(registry::Registry copy,
              registry::Registry::open(in(folder, kDatabase), registry::Access::read));
  TESSERA_TRY(const ledger::Head head, copy.verify(progress));
  if (!(head == m.head) || to_hex(copy.name()) != m.registry)
    return Error{ErrorCode::format, "the backup's files and its description do not belong together",
                 folder};
  TESSERA_CHECK(check_access(folder, m, copy, progress));
  if (m.desk) TESSERA_CHECK(check_desk(in(folder, kDesk), copy, progress));
  return {};
}

Result<void> require(const std::string& path, const Sha256& digest) {
  TESSERA_TRY(const Sha256 found, digest_of(path));
  if (found != digest)
    return Error{ErrorCode::format, "is not the file that was backed up; use another backup", path};
  return {};
}

}  // namespace

Result<Manifest> make(const std::string& registry, const std::string& folder,
                      const std::string& made, Progress& progress, bool checked) {
  std::error_code fault;
  if (!fs::create_directory(folder, fault))
    return fault ? Error{ErrorCode::io, "cannot make the folder: " + fault.message(), folder}
                 : Error{ErrorCode::conflict, "exists already; each backup has a folder of its own",
                         folder};
  fs::permissions(folder, fs::perms::owner_all, fault);
  const auto whole = [&]() -> Result<Manifest> {
    TESSERA_TRY(Manifest m, copy_locked(registry, folder, made, progress));
    TESSERA_TRY(m.database, digest_of(in(folder, kDatabase)));
    TESSERA_TRY(m.entries, digest_of(in(folder, kEntries)));
    if (m.access) {
      TESSERA_TRY(m.access, digest_of(in(folder, kAccess)));
    }
    if (m.desk) {
      TESSERA_TRY(m.desk, digest_of(in(folder, kDesk)));
    }
    TESSERA_CHECK(write_file(in(folder, "backup.json"), json::to_text(to_json(m)), {false, 0600}));
    if (!checked) return m;
    const auto found = check_contents(folder, m, progress);
    if (found) return m;
    Error e = found.error();
    e.what += "; no backup was made, for the registry's own files are so: keep the older backups";
    return e;
  }();
  if (!whole) fs::remove_all(folder, fault);
  return whole;
}

Result<Manifest> check(const std::string& folder, Progress& progress) {
  TESSERA_TRY(Manifest m, read_manifest(folder));
  TESSERA_CHECK(require(in(folder, kDatabase), m.database));
  TESSERA_CHECK(require(in(folder, kEntries), m.entries));
  if (m.access) TESSERA_CHECK(require(in(folder, kAccess), *m.access));
  if (m.desk) TESSERA_CHECK(require(in(folder, kDesk), *m.desk));
  TESSERA_CHECK(check_contents(folder, m, progress));
  return m;
}

void remove_restored(const std::string& registry) {
  std::error_code ignored;
  for (const std::string& file : {registry, registry + std::string(kEntriesEnding),
                                  access::access_path(registry), desk::desk_path(registry)})
    for (const char* ending : {"", "-wal", "-shm"}) fs::remove(file + ending, ignored);
}

namespace {

Result<void> copy_back(const std::string& folder, const Manifest& m, const std::string& registry,
                       Progress& progress) {
  TESSERA_CHECK(ledger::copy_database(in(folder, kEntries), registry + std::string(kEntriesEnding),
                                      progress));
  if (m.access)
    TESSERA_CHECK(
        ledger::copy_database(in(folder, kAccess), access::access_path(registry), progress));
  if (m.desk)
    TESSERA_CHECK(ledger::copy_database(in(folder, kDesk), desk::desk_path(registry), progress));
  TESSERA_TRY(registry::Registry back, registry::Registry::open(registry, registry::Access::read));
  TESSERA_TRY(const ledger::Head head, back.verify(progress));
  if (head == m.head) return {};
  return Error{ErrorCode::format, "what was restored is not what was backed up", registry};
}

}  // namespace

Result<Manifest> restore(const std::string& folder, const std::string& registry,
                         Progress& progress) {
  TESSERA_TRY(const Manifest m, check(folder, progress));
  for (const std::string& there : {registry + std::string(kEntriesEnding),
                                   access::access_path(registry), desk::desk_path(registry)})
    if (file_exists(there))
      return Error{ErrorCode::conflict, "exists already; move it away and keep it", there};
  TESSERA_CHECK(ledger::copy_database(in(folder, kDatabase), registry, progress));
  const auto copied = copy_back(folder, m, registry, progress);
  if (copied) return m;
  remove_restored(registry);
  return copied.error();
}

Result<bool> belongs_to(const Manifest& manifest, const std::string& registry) {
  // Its entry store may be what was lost.
  TESSERA_TRY(ledger::Database live, registry::open_chain(registry));
  TESSERA_TRY(ledger::Statement name, live.prepare("SELECT lower(hex(registry)) FROM meta"));
  TESSERA_TRY(const bool row, name.step());
  if (!row || name.text(0) != manifest.registry) return false;
  name.reset();
  if (manifest.head.seq == 0) return true;
  TESSERA_TRY(ledger::Statement find, live.prepare("SELECT hash FROM event WHERE seq = ?1"));
  TESSERA_TRY(const bool there, find.bind(1, manifest.head.seq).step());
  const bool same = there && std::equal(find.blob(0).begin(), find.blob(0).end(),
                                        manifest.head.hash.begin(), manifest.head.hash.end());
  find.reset();
  return same;
}

}  // namespace tessera::backup
