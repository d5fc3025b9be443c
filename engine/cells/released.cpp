#include "engine/cells/released.h"

#include <algorithm>
#include <map>
#include <optional>

#include "engine/cells/attacker.h"

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
// Where a count stands in a Before: by the column counted by ("" for totals of rows), row, column.
using Standings = std::map<std::pair<std::string, Key>, std::uint32_t>;

std::pair<std::string, Key> place(const std::string& field, const Key& key) {
  // Totals of rows are the same counts whatever the columns are.
  return {key.second.empty() ? "" : field, key};
}

Standings standings_of(const Counted& counted) {
  Standings places;
  for (const Table& table : counted.tables)
    for (std::size_t r = 0; r <= counted.rows.size(); ++r)
      for (std::size_t c = 0; c <= table.labels.size(); ++c)
        places.emplace(place(table.field, {r < counted.rows.size() ? counted.rows[r] : "",
                                           c < table.labels.size() ? table.labels[c] : ""}),
                       table.at(r, c));
  return places;
}

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

// One earlier release, read into what a reader of it and of today's tables knows.
class Earlier {
 public:
  Earlier(const Rule& rule, Before& before, const Standings& today)
      : rule_(rule), before_(before), today_(today), first_own_(before.sums.value.size()) {}

  void add(const std::string& field, const Printed& printed) {
    for (const auto& [key, count] : printed) compare(field, key, count);
    add_sums(field, printed);
  }

  // The counts of then that are hidden get values that agree with today's; where none do, the
  // people have changed, and those sums say nothing of today.
  void settle() {
    std::vector<bool> hidden(before_.sums.value.size());
    for (std::size_t i = first_own_; i < hidden.size(); ++i) hidden[i] = before_.hidden[i];
    std::vector<std::int64_t> values = Attacker(before_.sums, hidden).some_values();
    if (values.empty())
      std::erase_if(before_.sums.relations, [&](const Relation& r) {
        return hidden[r.total] ||
               std::ranges::any_of(r.parts, [&](std::uint32_t part) { return hidden[part]; });
      });
    else
      before_.sums.value = std::move(values);
  }

 private:
  static constexpr std::uint32_t kNoTotal = UINT32_MAX;

  void compare(const std::string& field, const Key& key, std::optional<std::int64_t> count) {
    const auto at = today_.find(place(field, key));
    if (at == today_.end()) return;
    const std::uint32_t i = at->second;
    if (!count) {
      before_.hidden[i] = true;
      return;
    }
    const std::int64_t step = std::abs(before_.sums.value[i] - *count);
    if (step == 0) before_.known[i] = true;
    if (step > 0 && step < rule_.smallest_shown) before_.moved[i] = true;
  }

  // Today's count where it may be the same, or else one of then alone.
  std::uint32_t cell(const std::string& field, const Key& key, std::optional<std::int64_t> count) {
    const auto at = today_.find(place(field, key));
    if (at != today_.end() && (!count || *count == before_.sums.value[at->second]))
      return at->second;
    const auto [own, is_new] =
        own_.emplace(place(field, key), static_cast<std::uint32_t>(before_.sums.value.size()));
    if (is_new) {
      before_.sums.value.push_back(count.value_or(0));
      before_.sums.is_total.push_back(key.first.empty() || key.second.empty());
      before_.hidden.push_back(!count);
      before_.known.push_back(count.has_value());
      before_.moved.push_back(false);
    }
    return own->second;
  }

  void add_sums(const std::string& field, const Printed& printed) {
    std::map<Key, Relation> sums;  // by what it is the total of: a row, or a column
    const bool columns = !field.empty();
    for (const auto& [key, count] : printed) {
      const std::uint32_t i = cell(field, key, count);
      const auto& [row, column] = key;
      const auto add = [&sums, i](const Key& line, bool is_total) {
        Relation& sum = sums.try_emplace(line, Relation{kNoTotal, {}}).first->second;
        if (is_total)
          sum.total = i;
        else
          sum.parts.push_back(i);
      };
      if (columns) add({"row", row}, column.empty());
      add({"column", column}, row.empty());
    }
    for (auto& [line, sum] : sums)
      if (sum.total != kNoTotal && still_holds(sum))
        before_.sums.relations.push_back(std::move(sum));
  }

  // Whether today's people could be those of then, as far as this sum tells.
  bool still_holds(const Relation& r) const {
    const auto open = [this](std::uint32_t i) { return i >= first_own_ && before_.hidden[i]; };
    std::int64_t left = before_.sums.value[r.total];
    bool any_open = open(r.total);
    for (const std::uint32_t part : r.parts) {
      left -= open(part) ? 0 : before_.sums.value[part];
      any_open = any_open || open(part);
    }
    return open(r.total) || (any_open ? left >= 0 : left == 0);
  }

  const Rule& rule_;
  Before& before_;
  const Standings& today_;
  Standings own_;
  std::size_t first_own_;
};

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
  if (before.sums.value.empty()) before.sums = counted.sums;
  for (std::vector<bool>* list : {&before.hidden, &before.known, &before.moved})
    list->resize(before.sums.value.size());
  if (*rows->as_string() != counted.row_field) return {};
  const Standings today = standings_of(counted);
  Earlier earlier(rule, before, today);
  for (const json::Value& old : *tables->as_array()) {
    TESSERA_TRY(const Printed printed, read_cells(old, name));
    const json::Value* columns = old.find("columns");
    earlier.add(columns != nullptr && columns->as_string() != nullptr ? *columns->as_string() : "",
                printed);
  }
  earlier.settle();
  return {};
}

}  // namespace tessera::cells
