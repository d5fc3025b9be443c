#include "engine/cells/released.h"

#include <map>
#include <optional>

namespace tessera::cells {
namespace {

using Key = std::pair<std::string, std::string>;  // labels of row and column; "" is the total

json::Value label(const std::vector<std::string>& labels, std::size_t at) {
  return at < labels.size() ? json::Value(labels[at]) : json::Value();
}

json::Array cells_of(const Counted& counted, const Table& table, const Pattern& pattern) {
  json::Array cells;
  for (std::size_t r = 0; r <= counted.rows.size(); ++r)
    for (std::size_t c = 0; c <= table.labels.size(); ++c) {
      const std::uint32_t i = table.at(r, c);
      const bool shown = pattern.mark[i] == Mark::shown;
      cells.push_back(
          json::Object{{"row", label(counted.rows, r)},
                       {"column", label(table.labels, c)},
                       {"count", shown ? json::Value(counted.sums.value[i]) : json::Value()}});
    }
  return cells;
}

Error no_release(const std::string& name) {
  return {ErrorCode::format,
          "this is no release of 'tessera report cells': give the release.json that came with the "
          "earlier tables",
          name};
}

using Printed = std::map<Key, std::optional<std::int64_t>>;

Result<Printed> read_cells(const json::Value& table, const std::string& name) {
  Printed printed;
  const json::Value* cells = table.find("cells");
  if (cells == nullptr || cells->as_array() == nullptr) return no_release(name);
  for (const json::Value& cell : *cells->as_array()) {
    const json::Value* row = cell.find("row");
    const json::Value* column = cell.find("column");
    const json::Value* count = cell.find("count");
    if (row == nullptr || column == nullptr || count == nullptr) return no_release(name);
    const std::int64_t* printed_count = count->as_int();
    if (!count->is_null() &&
        (printed_count == nullptr || *printed_count < 0 || *printed_count > kUnbounded))
      return no_release(name);
    Key key{row->as_string() != nullptr ? *row->as_string() : "",
            column->as_string() != nullptr ? *column->as_string() : ""};
    printed[std::move(key)] =
        count->is_null() ? std::nullopt : std::optional<std::int64_t>(*printed_count);
  }
  return printed;
}

void compare(const Printed& printed, const Counted& counted, const Table& table, const Rule& rule,
             Before& before) {
  for (std::size_t r = 0; r <= counted.rows.size(); ++r)
    for (std::size_t c = 0; c <= table.labels.size(); ++c) {
      const auto then = printed.find({r < counted.rows.size() ? counted.rows[r] : "",
                                      c < table.labels.size() ? table.labels[c] : ""});
      if (then == printed.end()) continue;
      const std::uint32_t i = table.at(r, c);
      if (!then->second) {
        before.hidden[i] = true;
        continue;
      }
      const std::int64_t step = std::abs(counted.sums.value[i] - *then->second);
      if (step == 0) before.known[i] = true;
      if (step > 0 && step < rule.smallest_shown) before.moved[i] = true;
    }
}

}  // namespace

json::Value to_json(const Counted& counted, const Pattern& pattern, const Rule& rule,
                    const std::string& title) {
  json::Array tables;
  for (const Table& table : counted.tables)
    tables.push_back(
        json::Object{{"columns", table.field.empty() ? json::Value() : json::Value(table.field)},
                     {"cells", cells_of(counted, table, pattern)}});
  return json::Object{{"format", kReleaseFormat},
                      {"title", title},
                      {"smallest_shown", rule.smallest_shown},
                      {"zeros_shown", rule.show_zeros},
                      {"rows", counted.row_field},
                      {"tables", std::move(tables)}};
}

Result<void> remember(const json::Value& release, const std::string& name, const Counted& counted,
                      const Rule& rule, Before& before) {
  const json::Value* format = release.find("format");
  const json::Value* rows = release.find("rows");
  const json::Value* tables = release.find("tables");
  if (format == nullptr || format->as_string() == nullptr ||
      *format->as_string() != kReleaseFormat || rows == nullptr || rows->as_string() == nullptr ||
      tables == nullptr || tables->as_array() == nullptr)
    return no_release(name);
  const std::size_t n = counted.sums.value.size();
  before.hidden.resize(n);
  before.known.resize(n);
  before.moved.resize(n);
  if (*rows->as_string() != counted.row_field) return {};
  for (const json::Value& old : *tables->as_array()) {
    TESSERA_TRY(const Printed printed, read_cells(old, name));
    const json::Value* columns = old.find("columns");
    const std::string field =
        columns != nullptr && columns->as_string() != nullptr ? *columns->as_string() : "";
    for (const Table& table : counted.tables) {
      // Margins are the same counts whatever the columns are, so they always compare.
      const bool same = table.field == field;
      Printed of_rows;
      for (const auto& [key, count] : printed)
        if (same || key.second.empty()) of_rows.emplace(key, count);
      compare(of_rows, counted, table, rule, before);
    }
  }
  return {};
}

}  // namespace tessera::cells
