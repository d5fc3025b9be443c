// tessera receive: an owner puts its local IDs back on what the linkage unit returned.
#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "cli/paths.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/check_digit.h"
#include "engine/core/csv.h"
#include "engine/core/file.h"

namespace tessera::cli {
namespace receive_verb {
namespace {

struct Flags {
  std::string slice;
  std::string map;
  std::string out;
  bool force = false;
};

// Where a record key stands in the map, and the line of the slice that used it (0: none yet).
struct Local {
  std::string_view id;
  std::size_t used = 0;
};
using LocalIds = std::unordered_map<std::string_view, Local>;

struct Received {
  std::string local_id;
  std::string state_id;
  std::string status;
};

bool is_record_key(std::string_view text) {
  return text.size() == 32 && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// Whether a record of this status may have no ID yet.
bool may_wait(std::string_view status) { return status == "review" || status == "conflict"; }

bool is_status(std::string_view text) {
  return text == "existing" || text == "new" || text == "review" || text == "conflict" ||
         text == "claimed" || text == "left behind";
}

Result<void> check_answer(std::string_view id, std::string_view status, const std::string& where) {
  constexpr std::string_view kRemedy = "get the slice from the linkage unit again, unedited";
  if (!is_status(status))
    return Error{
        ErrorCode::format,
        fmt::format("column status is not existing, new, review, conflict, claimed or left "
                    "behind; {}",
                    kRemedy),
        where};
  if (id.empty() ? !may_wait(status) : !fault_of_state_id(id).empty())
    return Error{ErrorCode::format,
                 id.empty()
                     ? fmt::format("column state_id is empty, which only a record under "
                                   "review or in conflict may have; {}",
                                   kRemedy)
                     : fmt::format("column state_id is not a state ID: ten digits, the last of "
                                   "which fits the others; {}",
                                   kRemedy),
                 where};
  return {};
}

// `kept` holds the text of quoted local IDs, whose cells do not outlive their row.
Result<LocalIds> read_map(std::string_view text, const std::string& path,
                          std::vector<std::unique_ptr<std::string>>& kept) {
  TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, path));
  TESSERA_TRY(const auto at, reader.require({"record", "local_id"}));
  LocalIds out;
  csv::Row row;
  for (;;) {
    TESSERA_TRY(const bool more, reader.next(row));
    if (!more) return out;
    if (!is_record_key(row[at[0]]))
      return Error{ErrorCode::format, "column record is not a record key of 32 hex digits",
                   reader.where()};
    std::string_view id = row[at[1]];
    if (id.data() < text.data() || id.data() > text.data() + text.size())
      id = *kept.emplace_back(std::make_unique<std::string>(id));
    if (!out.try_emplace(row[at[0]], Local{id, 0}).second)
      return Error{ErrorCode::format,
                   "column record: this record key stands in an earlier row as well",
                   reader.where()};
  }
}

Result<std::vector<Received>> read_slice(std::string_view text, const std::string& path,
                                         LocalIds& map) {
  TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, path));
  TESSERA_TRY(const auto at, reader.require({"record", "state_id", "status"}));
  std::vector<Received> out;
  csv::Row row;
  for (;;) {
    TESSERA_TRY(const bool more, reader.next(row));
    if (!more) return out;
    if (!is_record_key(row[at[0]]))
      return Error{ErrorCode::format, "column record is not a record key of 32 hex digits",
                   reader.where()};
    const auto local = map.find(row[at[0]]);
    if (local == map.end())
      return Error{
          ErrorCode::conflict,
          "the map does not hold this record; give the map that 'tessera encode' wrote with "
          "the file that was sent",
          reader.where()};
    if (local->second.used != 0)
      return Error{ErrorCode::conflict,
                   fmt::format("this record was answered already in line {}", local->second.used),
                   reader.where()};
    TESSERA_CHECK(check_answer(row[at[1]], row[at[2]], reader.where()));
    local->second.used = reader.line();
    out.push_back(
        {std::string(local->second.id), std::string(row[at[1]]), std::string(row[at[2]])});
  }
}

Result<int> receive(const Flags& flags) {
  TESSERA_CHECK(check_paths({{flags.map, flags.slice}, {flags.out}, flags.force}));
  TESSERA_TRY(const std::string map_text, read_file(flags.map));
  TESSERA_TRY(const std::string slice_text, read_file(flags.slice));
  std::vector<std::unique_ptr<std::string>> kept;
  TESSERA_TRY(LocalIds map, read_map(map_text, flags.map, kept));
  TESSERA_TRY(std::vector<Received> rows, read_slice(slice_text, flags.slice, map));
  std::ranges::sort(rows, {},
                    [](const Received& r) { return std::tie(r.local_id, r.state_id, r.status); });
  std::string text;
  csv::append_row(text, {"local_id", "state_id", "status"});
  for (const Received& r : rows) csv::append_row(text, {r.local_id, r.state_id, r.status});
  TESSERA_CHECK(write_file(flags.out, text, {.force = flags.force, .mode = 0600}));
  if (rows.size() < map.size())
    say_note(fmt::format("{} records of the map are not in the answer", map.size() - rows.size()));
  return kDone;
}

}  // namespace
}  // namespace receive_verb

void add_receive(CLI::App& root, Action& chosen) {
  using namespace receive_verb;
  CLI::App* verb =
      root.add_subcommand("receive", "put local IDs back on what the linkage unit returned");
  auto flags = std::make_shared<Flags>();
  verb->add_option("SLICE", flags->slice, "what came back: record,state_id,status")->required();
  verb->add_option("--map", flags->map, "the map that 'tessera encode' wrote: record,local_id")
      ->required();
  verb->add_option("-o,--out", flags->out,
                   "where to write local_id,state_id,status, sorted by local_id (mode 0600)")
      ->required();
  verb->add_flag("--force", flags->force, "replace the output if it exists");
  verb->footer(
      "Every record of SLICE must stand in the map, once. Rows of the map that SLICE does not "
      "answer\n"
      "are counted on standard error. Nothing is written unless every row could be.\n"
      "Example:\n"
      "  tessera receive north.csv --map north.map -o north-ids.csv\n"
      "Exit status: 0 done, 2 usage, 3 io, 4 a file is malformed, 6 the map is not that of SLICE.");
  verb->callback([&chosen, flags] { chosen = [flags] { return receive(*flags); }; });
}

}  // namespace tessera::cli
