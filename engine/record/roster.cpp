// Telling the kinds of roster apart, and the commonest of them: a CSV file.
#include "engine/record/roster.h"

#include <sys/stat.h>

#include <fmt/format.h>

#include "engine/core/csv.h"
#include "engine/core/file.h"
#include "engine/record/fold.h"
#include "engine/record/intake.h"
#include "engine/record/separator.h"
#include "engine/record/source.h"

namespace tessera::record {
namespace {

constexpr std::size_t kProgressRows = 1 << 14;

bool is_folder(const std::string& path) {
  struct stat st {};
  return stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
}
bool is_regular(const std::string& path) {
  struct stat st {};
  return stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode);
}

SourceKind kind_of(ByteView bytes) {
  const std::string_view text = as_text(bytes);
  if (text.starts_with("PK\x03\x04") || text.starts_with("PK\x05\x06"))
    return SourceKind::oneroster;
  return looks_like_wage(text) ? SourceKind::wage : SourceKind::csv;
}

Result<void> check_separator(const Source& source) {
  if (source.options.separator == kComma) return {};
  return Error{ErrorCode::usage, "--separator is for CSV files that are not OneRoster's",
               source.name};
}

Result<Roster> read_kind(SourceKind kind, ByteView bytes, const Source& source) {
  switch (kind == SourceKind::automatic ? kind_of(bytes) : kind) {
    case SourceKind::oneroster:
      TESSERA_CHECK(check_separator(source));
      return read_oneroster_zip(bytes, source);
    case SourceKind::wage:
      TESSERA_CHECK(check_separator(source));
      return read_wage(as_text(bytes), source);
    default:
      return read_csv(as_text(bytes), source);
  }
}

// Columns that are not found may be there, but not parted.
Error hint_at_separator(const Error& error, const std::vector<std::string>& header,
                        const Source& source) {
  if (header.front().starts_with("sep="))
    return {ErrorCode::format, "this line tells a spreadsheet of the separator; take it out",
            source.name + ":1"};
  const std::string_view name = likely_separator(header, source.options.separator);
  if (name.empty()) return error;
  return {
      ErrorCode::format,
      fmt::format("the cells seem to be parted by another separator; give --separator {}", name),
      source.name + ":1"};
}

}  // namespace

Result<Roster> read_csv(std::string_view text, const Source& source) {
  TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, source.name, source.options.separator));
  std::vector<std::string> header;
  for (const std::string& name : reader.header()) header.emplace_back(trim(name));
  TESSERA_TRY(const std::vector<Mapping> mappings, parse_mappings(source.options.columns));
  Result<Plan> plan = plan_columns(header, source.schema, mappings, source.name + ":1");
  if (!plan) return hint_at_separator(plan.error(), reader.header(), source);
  Intake intake(source.schema, source.options, *std::move(plan), header, source.name, text);
  intake.report().kind = SourceKind::csv;

  source.progress.begin("reading", text.size(), "bytes");
  csv::Row row;
  std::size_t told = 0;
  for (std::size_t n = 1;; ++n) {
    const Result<bool> more = reader.next(row);
    if (!more)
      intake.reject(reader.line(), RowRule::structure, more.error().what);
    else if (!*more)
      break;
    else
      intake.add(reader.line(), row);
    if (n % kProgressRows == 0) {
      source.progress.advance(reader.offset() - told);
      told = reader.offset();
    }
  }
  source.progress.advance(text.size() - told);
  return intake.finish(source.rejects);
}

Result<Roster> read_roster_bytes(ByteView bytes, const std::string& name,
                                 const schema::Schema& schema, const ReadOptions& options,
                                 Progress& progress, std::vector<Reject>* rejects_if_stopped) {
  TESSERA_CHECK(folding_works());
  return read_kind(options.kind, bytes, {name, schema, options, progress, rejects_if_stopped});
}

Result<Roster> read_roster(const std::string& path, const schema::Schema& schema,
                           const ReadOptions& options, Progress& progress,
                           std::vector<Reject>* rejects_if_stopped) {
  TESSERA_CHECK(folding_works());
  const Source source{path, schema, options, progress, rejects_if_stopped};
  if (is_folder(path)) {
    if (options.kind != SourceKind::automatic && options.kind != SourceKind::oneroster)
      return Error{ErrorCode::usage, "this is a folder; only OneRoster files come in folders",
                   path};
    TESSERA_CHECK(check_separator(source));
    return read_oneroster_folder(path, source);
  }
  if (!is_regular(path)) {  // standard input, or an open descriptor
    TESSERA_TRY(const std::string text, read_file(path));
    return read_kind(options.kind, as_bytes(text), source);
  }
  TESSERA_TRY(const MappedFile file, MappedFile::open(path));
  return read_kind(options.kind, file.view(), source);
}

}  // namespace tessera::record
