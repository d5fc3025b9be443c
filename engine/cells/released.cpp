#include "engine/cells/released.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

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

// One earlier release, read into what a reader of it, of those before it and of today's tables
// knows.
class Earlier {
 public:
  // same_people: a count that several earlier releases hid was the same each time.
  Earlier(const Rule& rule, Before& before, const Standings& today, std::size_t todays,
          bool same_people)
      : rule_(rule),
        before_(before),
        today_(today),
        todays_(todays),
        first_own_(before.sums.value.size()),
        same_people_(same_people) {}

  void add(const std::string& rows, const std::string& columns, const Printed& printed) {
    std::map<Key, Line> lines;  // by what it is the sum of: a row, or a column
    for (const auto& [key, count] : printed) {
      const Whom whom = whom_of(rows, key.first, columns, key.second);
      printed_[whom] = count;
      compare(whom, count);
      const auto& [row, column] = key;
      const Part part{whom, count};
      const auto put = [&](const Key& name, bool is_total) {
        Line& line = lines[name];
        (is_total ? line.total : line.parts).push_back(part);
      };
      if (!columns.empty()) put({"row", row}, column.empty());
      put({"column", column}, row.empty());
    }
    for (const auto& [name, line] : lines) {
      if (line.total.empty()) continue;
      add_sum(line);
      remember_rest(line);
    }
  }

  // The sums between its counts and today's, or those of another earlier release, by columns that
  // lie within each other.
  void add_nested(const Nesting& nesting) {
    std::set<Whom> standing;
    for (const auto& [whom, count] : printed_) standing.insert(whom);
    for (const auto& [whom, at] : today_) standing.insert(whom);
    if (same_people_)
      for (const auto& [whom, at] : before_.earlier) standing.insert(whom);
    std::set<Whom> nowhere;
    for (const Whom& whom : standing) {
      for (const std::vector<Whom>& parts : nesting.parts_of(whom)) {
        const std::optional<Line> line = line_of(&whom, parts);
        if (!line) continue;
        add_sum(*line);
        remember_rest(*line);
        remember_whole(*line);
      }
      for (Whom& whole : nesting.wholes_of(whom))
        if (!standing.contains(whole)) nowhere.insert(std::move(whole));
    }
    for (const Whom& whom : nowhere) tie(nesting.parts_of(whom));
  }

  // The counts of then that are hidden get values that agree with today's. False: none do, as the
  // people have changed.
  bool settle() {
    std::vector<std::int64_t> values = Attacker(before_.sums, open()).some_values();
    if (values.empty()) return false;
    before_.sums.value = std::move(values);
    return true;
  }
  // Then its sums say nothing of today.
  void forget_sums() {
    const std::vector<bool> hidden = open();
    const auto own = [&](std::uint32_t i) { return i >= first_own_ && hidden[i]; };
    std::erase_if(before_.sums.relations, [&](const Relation& r) {
      return own(r.total) || std::ranges::any_of(r.parts, own);
    });
  }

 private:
  struct Part {
    Whom whom;
    std::optional<std::int64_t> count;
  };
  struct Line {
    std::vector<Part> total, parts;  // one total, if it is there
  };

  // Counts that no release shows.
  std::vector<bool> open() const {
    std::vector<bool> hidden(before_.sums.value.size());
    for (std::size_t i = todays_; i < hidden.size(); ++i)
      hidden[i] = (before_.hidden[i] && !before_.known[i]) || before_.nowhere[i];
    return hidden;
  }

  void compare(const Whom& whom, std::optional<std::int64_t> count) {
    const auto at = today_.find(whom);
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

  std::uint32_t add_cell(std::int64_t value, bool is_total) {
    before_.sums.value.push_back(value);
    before_.sums.is_total.push_back(is_total);
    for (std::vector<bool>* list :
         {&before_.hidden, &before_.known, &before_.moved, &before_.nowhere})
      list->push_back(false);
    return static_cast<std::uint32_t>(before_.sums.value.size() - 1);
  }

  // Today's count where it may be the same, or that of another earlier release, or one of its own.
  std::uint32_t cell(const Part& part) {
    const auto& [whom, count] = part;
    const auto at = today_.find(whom);
    if (at != today_.end() && (!count || *count == before_.sums.value[at->second]))
      return at->second;
    const auto own = own_.find(whom);
    if (own != own_.end()) return own->second;
    const auto other = before_.earlier.find(whom);
    if (same_people_ && other != before_.earlier.end() && fits(other->second, count))
      return own_[whom] = other->second;
    const std::uint32_t i = add_cell(count.value_or(0), whom.size() < 2);
    before_.hidden[i] = !count;
    before_.known[i] = count.has_value();
    return own_[whom] = before_.earlier[whom] = i;
  }

  // Whether the count of another release may be this one's; it is known then if either shows it.
  bool fits(std::uint32_t i, std::optional<std::int64_t> count) {
    if (!count) return true;
    if (before_.known[i]) return before_.sums.value[i] == *count;
    before_.sums.value[i] = *count;
    before_.known[i] = true;
    return true;
  }

  void add_sum(const Line& line) {
    Relation sum;
    sum.total = cell(line.total[0]);
    for (const Part& part : line.parts) sum.parts.push_back(cell(part));
    if (still_holds(sum)) before_.sums.relations.push_back(std::move(sum));
  }

  // What the hidden parts of a sum come to is told by its total and the parts that are shown. Where
  // that has moved by a small count since, it is one that today's tables have to hide as well.
  void remember_rest(const Line& line) {
    if (!line.total[0].count) return;
    std::int64_t then = *line.total[0].count;
    std::int64_t now = 0;
    Relation rest;
    for (const Part& part : line.parts) {
      then -= part.count.value_or(0);
      if (part.count) continue;
      const auto at = today_.find(part.whom);
      if (at == today_.end()) return;
      now += before_.sums.value[at->second];
      rest.parts.push_back(at->second);
    }
    const std::int64_t step = std::abs(now - then);
    if (step == 0 || step >= rule_.smallest_shown || rest.parts.empty()) return;
    rest.total = add_cell(now, true);
    before_.moved[rest.total] = true;
    before_.sums.relations.push_back(std::move(rest));
  }

  // Sums that come to the same count, which itself is printed nowhere: by grade of a district, and
  // by school of a band of grades.
  void tie(const std::vector<std::vector<Whom>>& splits) {
    std::vector<Line> lines;
    bool told_here = false;
    for (const std::vector<Whom>& parts : splits) {
      std::optional<Line> here = line_of(nullptr, parts, false);
      if (!here) continue;
      for (const Part& part : here->parts) told_here = told_here || printed_.contains(part.whom);
      lines.push_back(*std::move(here));
    }
    if (lines.size() < 2 || !told_here) return;
    const std::uint32_t total = add_cell(0, true);
    before_.nowhere[total] = true;
    for (const Line& line : lines) {
      Relation sum{total, {}};
      for (const Part& part : line.parts) sum.parts.push_back(cell(part));
      before_.sums.relations.push_back(std::move(sum));
    }
  }

  // nullopt: some of it stands nowhere, or none of it in this release.
  std::optional<Line> line_of(const Whom* whom, const std::vector<Whom>& parts,
                              bool here_too = true) const {
    Line line;
    bool told_here = !here_too;
    const auto put = [&](const Whom& of, std::vector<Part>& to) {
      const auto here = printed_.find(of);
      const bool elsewhere = today_.contains(of) || (same_people_ && before_.earlier.contains(of));
      if (here == printed_.end() && !elsewhere) return false;
      told_here = told_here || here != printed_.end();
      to.push_back({of, here != printed_.end() ? here->second : std::nullopt});
      return true;
    };
    bool whole = whom == nullptr || put(*whom, line.total);
    for (const Whom& part : parts) whole = whole && put(part, line.parts);
    return whole && told_here ? std::optional(std::move(line)) : std::nullopt;
  }

  // A count of today whose parts were all shown then: as if it had been shown itself.
  void remember_whole(const Line& line) {
    if (printed_.contains(line.total[0].whom)) return;
    std::int64_t then = 0;
    for (const Part& part : line.parts) {
      if (!part.count) return;
      then += *part.count;
    }
    if (today_.contains(line.total[0].whom)) compare(line.total[0].whom, then);
  }

  // Whether today's people could be those of then, as far as this sum tells.
  bool still_holds(const Relation& r) const {
    const auto open = [this](std::uint32_t i) {
      return i >= todays_ && before_.hidden[i] && !before_.known[i];
    };
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
  std::map<Whom, std::optional<std::int64_t>> printed_;
  Standings own_;
  std::size_t todays_;
  std::size_t first_own_;
  bool same_people_;
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

Result<std::vector<std::string>> columns_of(const json::Value& release, const std::string& name) {
  const json::Value* format = release.find("format");
  const json::Value* rows = release.find("rows");
  const json::Value* tables = release.find("tables");
  if (format == nullptr || format->as_string() == nullptr ||
      *format->as_string() != kReleaseFormat || rows == nullptr || rows->as_string() == nullptr ||
      tables == nullptr || tables->as_array() == nullptr)
    return no_release(name);
  std::vector<std::string> out{*rows->as_string()};
  for (const json::Value& table : *tables->as_array()) {
    const json::Value* columns = table.find("columns");
    out.push_back(columns != nullptr && columns->as_string() != nullptr ? *columns->as_string()
                                                                        : "");
  }
  return out;
}

Result<void> remember(const json::Value& release, const std::string& name, const Counted& counted,
                      const Rule& rule, Before& before) {
  TESSERA_TRY(const std::vector<std::string> columns, columns_of(release, name));
  const json::Array& tables = *release.find("tables")->as_array();
  if (before.sums.value.empty()) before.sums = counted.sums;
  for (std::vector<bool>* list : {&before.hidden, &before.known, &before.moved, &before.nowhere})
    list->resize(before.sums.value.size());
  const Standings today = standings_of(counted);
  const Before was = before;
  for (const bool same_people : {true, false}) {
    before = was;
    Earlier earlier(rule, before, today, counted.sums.value.size(), same_people);
    for (std::size_t t = 0; t < tables.size(); ++t) {
      TESSERA_TRY(const Printed printed, read_cells(tables[t], name));
      earlier.add(columns[0], columns[t + 1], printed);
    }
    earlier.add_nested(counted.nesting);
    if (earlier.settle()) return {};
    if (!same_people) earlier.forget_sums();
  }
  return {};
}

}  // namespace tessera::cells
