// Fixed-width UI wage records (ICESA layout, 275 bytes): type S, 2-10 SSN, 11-30 surname, 31-42
// given name, 43 middle initial.
#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "engine/core/ascii.h"
#include "engine/record/intake.h"
#include "engine/record/source.h"

namespace tessera::record {
namespace {

using ascii::is_digit;

constexpr std::size_t kLength = 275;

// Byte positions as the layout counts them: from 1, both ends included.
struct Span {
  std::size_t first = 0;
  std::size_t last = 0;
};
constexpr Span kSsnAt{2, 10}, kSurnameAt{11, 30}, kGivenAt{31, 42}, kMiddleAt{43, 43};

std::string_view cut(std::string_view record, Span at) {
  if (record.size() < at.first) return {};  // trailing blanks were stripped
  return record.substr(at.first - 1, at.last - at.first + 1);
}

std::optional<Span> parse_span(std::string_view text) {
  Span span;
  std::size_t* into = &span.first;
  for (const char c : text) {
    if (c == '-' && into == &span.first) {
      into = &span.last;
    } else if (c >= '0' && c <= '9' && *into < 1000) {
      *into = *into * 10 + static_cast<std::size_t>(c - '0');
    } else {
      return std::nullopt;
    }
  }
  if (into == &span.first) span.last = span.first;
  if (span.first < 1 || span.last < span.first || span.last > kLength) return std::nullopt;
  return span;
}

bool is_type(char c) { return std::string_view("ABESTF").find(c) != std::string_view::npos; }

// The columns of a wage file: five fixed ones, and the positions the caller maps.
struct WageTable {
  std::vector<std::string> header{"local_id", "ssn", "surname", "given_name", "middle_initial"};
  std::vector<Span> spans;  // of the columns from the sixth on
};

Result<WageTable> make_table(const std::vector<Mapping>& mappings, const std::string& name) {
  WageTable table;
  for (const Mapping& m : mappings) {
    if (std::ranges::find(table.header, m.column) != table.header.end()) continue;
    const std::optional<Span> span = parse_span(m.column);
    if (!span)
      return Error{ErrorCode::usage,
                   fmt::format("{} is no pair of byte positions; write {}=FIRST-LAST, within 1-{}",
                               m.column, m.field, kLength),
                   name};
    if (m.field == "local_id" && span->first <= kSsnAt.last && span->last >= kSsnAt.first)
      return Error{
          ErrorCode::usage,
          "bytes 2-10 are the SSN, which cannot be the local ID: that stands in the clear in "
          "the map file",
          name};
    table.header.push_back(m.column);
    table.spans.push_back(*span);
  }
  return table;
}

// Fields found by kind: the schema's own column names mean CSV files.
void fill_by_kind(const schema::Schema& schema, const std::vector<Mapping>& mappings, Plan& plan) {
  const std::pair<schema::Kind, std::size_t> kinds[] = {{schema::Kind::ssn, 1},
                                                        {schema::Kind::surname, 2},
                                                        {schema::Kind::given_name, 3},
                                                        {schema::Kind::middle_name, 4}};
  for (const auto& [kind, column] : kinds) {
    const std::optional<std::size_t> field = schema.field(kind);
    if (!field) continue;
    const std::string& name = schema.fields[*field].name;
    const bool mapped = std::ranges::any_of(
        mappings, [&](const Mapping& m) { return m.field == name && !m.further; });
    if (!mapped && std::ranges::find(plan.fields[*field], column) == plan.fields[*field].end())
      plan.fields[*field].insert(plan.fields[*field].begin(), column);
  }
}

// Takes the next record off the text: a line, or 275 bytes where the file has no lines.
std::string_view take_record(std::string_view& text, bool lines) {
  std::size_t length = lines ? text.find('\n') : kLength;
  length = std::min(length, text.size());
  std::string_view record = text.substr(0, length);
  text.remove_prefix(std::min(text.size(), length + (lines ? 1U : 0U)));
  if (record.ends_with('\r')) record.remove_suffix(1);
  return record;
}

// Why a record has no positions to read, or nothing.
std::string_view fault_of(std::string_view record) {
  if (record.size() > kLength) return "longer than 275 bytes; write one record a line";
  if (!is_type(record.front())) return "not a record type of the layout (A, B, E, S, T, F)";
  const bool ascii = std::ranges::all_of(record, [](char c) { return c >= ' ' && c <= '~'; });
  return ascii ? ""
               : "not printable ASCII, so positions cannot be trusted; write it in ASCII, as with "
                 "'iconv -f WINDOWS-1252 -t ASCII//TRANSLIT'";
}

void read_records(std::string_view text, const WageTable& table, Intake& intake,
                  Progress& progress) {
  const bool lines = text.find('\n') != std::string_view::npos;
  std::vector<std::string_view> cells(table.header.size());
  const std::size_t all = text.size();
  std::size_t told = 0;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::string_view record = take_record(text, lines);
    if (line % 16384 == 0) progress.advance(all - text.size() - told), told = all - text.size();
    if (record.find_first_not_of(' ') == std::string_view::npos) continue;
    if (const std::string_view fault = fault_of(record); !fault.empty()) {
      intake.reject(line, RowRule::structure, std::string(fault));
      continue;
    }
    if (record.front() != 'S') {
      ++intake.report().other_types;
      continue;
    }
    const std::string id = fmt::format("S{}", line);
    const std::string_view ssn = trim(cut(record, kSsnAt));
    cells[0] = id;
    cells[1] = ssn == "I" ? std::string_view() : ssn;  // I and blanks: not known
    cells[2] = cut(record, kSurnameAt);
    cells[3] = cut(record, kGivenAt);
    cells[4] = cut(record, kMiddleAt);
    for (std::size_t i = 0; i < table.spans.size(); ++i) cells[5 + i] = cut(record, table.spans[i]);
    intake.add(line, cells);
  }
  progress.advance(all - told);
}

}  // namespace

bool looks_like_wage(std::string_view text) {
  if (text.size() < 6 || !is_type(text.front())) return false;
  const std::string_view first =
      text.substr(0, std::min(text.find('\n'), std::size_t{kLength + 1}));
  // A, B, E: a year; S: an SSN, or I for none; T, F: a count. No header cell looks like that.
  const bool number = std::ranges::all_of(text.substr(1, 4), is_digit) || text.substr(1, 2) == "I ";
  return number && first.find(',') == std::string_view::npos;
}

Result<Roster> read_wage(std::string_view text, const Source& source) {
  TESSERA_TRY(const std::vector<Mapping> mappings, parse_mappings(source.options.columns));
  TESSERA_TRY(const WageTable table, make_table(mappings, source.name));
  TESSERA_TRY(Plan plan, plan_columns(table.header, source.schema, mappings, source.name));
  fill_by_kind(source.schema, mappings, plan);
  Intake intake(source.schema, source.options, std::move(plan), table.header, source.name, text);
  intake.report().kind = SourceKind::wage;
  source.progress.begin("reading", text.size(), "bytes");
  read_records(text, table, intake, source.progress);
  return intake.finish(source.rejects);
}

}  // namespace tessera::record
