#include "engine/record/known.h"

#include <unordered_set>

#include "engine/core/csv.h"
#include "engine/core/file.h"

namespace tessera::record {
namespace {

Result<void> add_local_ids(const std::string& path, std::unordered_set<std::string>& out) {
  TESSERA_TRY(const std::string text, read_file(path));
  TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, path));
  TESSERA_TRY(const auto at, reader.require({"record", "local_id"}));
  csv::Row row;
  for (;;) {
    TESSERA_TRY(const bool more, reader.next(row));
    if (!more) return {};
    out.emplace(row[at[1]]);
  }
}

}  // namespace

Result<std::uint64_t> leave_out_known(Roster& roster, const std::vector<std::string>& maps) {
  std::unordered_set<std::string> known;
  for (const std::string& path : maps) TESSERA_CHECK(add_local_ids(path, known));
  std::size_t kept = 0;
  for (std::size_t i = 0; i < roster.records.size(); ++i) {
    if (known.contains(roster.records[i].local_id)) continue;
    if (kept != i) {
      roster.records[kept] = std::move(roster.records[i]);
      roster.lines[kept] = roster.lines[i];
    }
    ++kept;
  }
  const std::uint64_t out = roster.records.size() - kept;
  roster.records.resize(kept);
  roster.lines.resize(kept);
  return out;
}

}  // namespace tessera::record
