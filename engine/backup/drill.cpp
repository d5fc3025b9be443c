#include "engine/backup/drill.h"

#include <cstdlib>
#include <filesystem>

#include "engine/backup/taken.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"

namespace tessera::backup {
namespace {

namespace fs = std::filesystem;

std::string register_path(const std::string& registry) { return registry + ".drills.csv"; }

// The outcome in words; `m` holds what came back where something did.
std::string outcome(const std::string& folder, const std::string& registry,
                    const std::string& trial, Manifest& m, Progress& progress) {
  const Result<Manifest> whole = check(folder, progress);
  const Result<Taken> taken = whole ? taken_since(*whole, registry) : Result<Taken>(Taken{});
  if (taken) {
    const Result<bool> held = holds((fs::path(folder) / "registry.db").string(), *taken);
    if (held && *held)
      return "holds what was purged, destroyed or ended since: destroy this backup";
  }
  const Result<Manifest> back =
      restore(folder, (fs::path(trial) / "registry.db").string(), progress);
  if (!back) return back.error().what;
  m = *back;
  const Result<bool> ours = belongs_to(m, registry);
  if (!ours) return ours.error().what;
  return *ours ? "restored" : "the live registry does not contain this backup's history";
}

}  // namespace

Result<Drill> drill(const std::string& folder, const std::string& registry, const std::string& day,
                    const std::string& by, Progress& progress) {
  TESSERA_TRY(std::vector<Drill> all, drills(registry));
  std::string trial = registry + ".drill-XXXXXX";
  if (mkdtemp(trial.data()) == nullptr)
    return Error{ErrorCode::io, "cannot make a folder beside the registry to restore to", registry};
  Manifest m;
  Drill d{day, by, "", "", ""};
  d.result = outcome(folder, registry, trial, m, progress);
  d.backup = m.made;
  d.head = m.made.empty() ? "" : to_hex(m.head.hash);
  std::error_code ignored;
  fs::remove_all(trial, ignored);
  all.push_back(d);
  std::string text;
  csv::append_row(text, {"day", "by", "backup", "head", "result"});
  for (const Drill& line : all)
    csv::append_row(text, {line.day, line.by, line.backup, line.head, line.result});
  TESSERA_CHECK(write_file(register_path(registry), text, {true, 0600}));
  return d;
}

Result<std::vector<Drill>> drills(const std::string& registry) {
  const std::string path = register_path(registry);
  std::vector<Drill> all;
  if (!file_exists(path)) return all;
  TESSERA_TRY(const std::string text, read_file(path, 1 << 24));
  TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, path));
  TESSERA_TRY(const std::vector<std::size_t> at,
              reader.require({"day", "by", "backup", "head", "result"}));
  csv::Row row;
  for (;;) {
    TESSERA_TRY(const bool more, reader.next(row));
    if (!more) return all;
    all.push_back({std::string(row[at[0]]), std::string(row[at[1]]), std::string(row[at[2]]),
                   std::string(row[at[3]]), std::string(row[at[4]])});
  }
}

}  // namespace tessera::backup
