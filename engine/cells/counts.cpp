#include "engine/cells/counts.h"

#include <charconv>
#include <map>
#include <set>

#include <fmt/format.h>

namespace tessera::cells {
namespace {

using Labels = std::map<std::string, std::uint32_t, std::less<>>;

struct Line {
  std::uint32_t row = 0;
  std::vector<std::uint32_t> column;  // one for each of the plan's columns
  std::int64_t persons = 0;
};

struct Places {
  std::size_t rows = 0;
  std::vector<std::size_t> columns;
  std::optional<std::size_t> count;
};

Result<Places> find_places(const csv::Reader& list, const Plan& plan) {
  std::vector<std::string_view> names{plan.rows};
  names.insert(names.end(), plan.columns.begin(), plan.columns.end());
  if (std::set<std::string_view>(names.begin(), names.end()).size() != names.size())
    return Error{ErrorCode::usage, "a column is asked for twice; each makes one table", ""};
  if (!plan.count.empty()) names.push_back(plan.count);
  TESSERA_TRY(const std::vector<std::size_t> at, list.require(names));
  Places places;
  places.rows = at[0];
  places.columns.assign(at.begin() + 1,
                        at.begin() + 1 + static_cast<std::ptrdiff_t>(plan.columns.size()));
  if (!plan.count.empty()) places.count = at.back();
  return places;
}

std::uint32_t number_of(Labels& labels, std::string_view label) {
  if (label.empty()) label = kNoLabel;
  if (const auto known = labels.find(label); known != labels.end()) return known->second;
  const auto next = static_cast<std::uint32_t>(labels.size());
  labels.emplace(label, next);
  return next;
}

Result<std::int64_t> persons_of(std::string_view text, const csv::Reader& list,
                                const std::string& column) {
  std::int64_t persons = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), persons);
  if (text.empty() || fault != std::errc{} || end != text.data() + text.size() || persons < 0 ||
      persons > kUnbounded)
    return Error{
        ErrorCode::format,
        fmt::format("column '{}' holds no whole number of persons: write digits only", column),
        list.where()};
  return persons;
}

// Places of labels once they are in order: old number -> new number.
std::vector<std::uint32_t> in_order(const Labels& labels, std::vector<std::string>& sorted) {
  std::vector<std::uint32_t> place(labels.size());
  for (const auto& [label, number] : labels) {
    place[number] = static_cast<std::uint32_t>(sorted.size());
    sorted.push_back(label);
  }
  return place;
}

std::uint32_t add_cell(Sums& sums, bool is_total) {
  sums.value.push_back(0);
  sums.is_total.push_back(is_total);
  return static_cast<std::uint32_t>(sums.value.size() - 1);
}

// The totals of the rows and of everything: one set for all tables.
std::vector<std::uint32_t> add_margin(Counted& counted) {
  std::vector<std::uint32_t> margin;
  for (std::size_t r = 0; r <= counted.rows.size(); ++r)
    margin.push_back(add_cell(counted.sums, true));
  Relation all{margin.back(), {margin.begin(), margin.end() - 1}};
  counted.sums.relations.push_back(std::move(all));
  return margin;
}

void add_table(Counted& counted, Table table, const std::vector<std::uint32_t>& margin) {
  const std::size_t rows = counted.rows.size();
  const std::size_t columns = table.labels.size();
  for (std::size_t r = 0; r <= rows; ++r) {
    for (std::size_t c = 0; c < columns; ++c)
      table.cell.push_back(add_cell(counted.sums, r == rows));
    table.cell.push_back(margin[r]);
  }
  for (std::size_t r = 0; r <= rows && columns > 0; ++r) {
    Relation along{margin[r], {}};
    for (std::size_t c = 0; c < columns; ++c) along.parts.push_back(table.at(r, c));
    counted.sums.relations.push_back(std::move(along));
  }
  for (std::size_t c = 0; c < columns; ++c) {
    Relation down{table.at(rows, c), {}};
    for (std::size_t r = 0; r < rows; ++r) down.parts.push_back(table.at(r, c));
    counted.sums.relations.push_back(std::move(down));
  }
  counted.tables.push_back(std::move(table));
}

struct Read {
  Labels rows;
  std::vector<Labels> columns;
  std::vector<Line> lines;
};

Result<Read> read_lines(csv::Reader& list, const Plan& plan, const Places& places) {
  Read read;
  read.columns.resize(plan.columns.size());
  csv::Row row;
  std::int64_t everyone = 0;
  for (;;) {
    TESSERA_TRY(const bool more, list.next(row));
    if (!more) return read;
    Line line;
    line.row = number_of(read.rows, row[places.rows]);
    for (std::size_t c = 0; c < places.columns.size(); ++c)
      line.column.push_back(number_of(read.columns[c], row[places.columns[c]]));
    line.persons = 1;
    if (places.count) {
      TESSERA_TRY(line.persons, persons_of(row[*places.count], list, plan.count));
    }
    everyone += line.persons;
    std::size_t cells = 0;
    for (const Labels& labels : read.columns) cells += (read.rows.size() + 1) * (labels.size() + 1);
    if (cells > kMostCells || everyone > kUnbounded)
      return Error{ErrorCode::limit,
                   fmt::format("the tables would have more than {} cells, or more than 2^40 "
                               "persons: count by something coarser",
                               kMostCells),
                   list.where()};
    read.lines.push_back(std::move(line));
  }
}

}  // namespace

Result<Counted> count_tables(csv::Reader& list, const Plan& plan) {
  TESSERA_TRY(const Places places, find_places(list, plan));
  TESSERA_TRY(const Read read, read_lines(list, plan, places));
  Counted counted;
  counted.row_field = plan.rows;
  const std::vector<std::uint32_t> row_place = in_order(read.rows, counted.rows);
  const std::vector<std::uint32_t> margin = add_margin(counted);
  std::vector<std::vector<std::uint32_t>> column_place;
  for (std::size_t c = 0; c < plan.columns.size(); ++c) {
    Table table{plan.columns[c], {}, {}};
    column_place.push_back(in_order(read.columns[c], table.labels));
    add_table(counted, std::move(table), margin);
  }
  if (plan.columns.empty()) add_table(counted, Table{}, margin);
  const std::size_t last = counted.rows.size();
  std::vector<std::int64_t>& value = counted.sums.value;
  for (const Line& line : read.lines) {
    const std::size_t r = row_place[line.row];
    value[margin[r]] += line.persons;
    value[margin[last]] += line.persons;
    for (std::size_t c = 0; c < plan.columns.size(); ++c) {
      const Table& table = counted.tables[c];
      const std::size_t at = column_place[c][line.column[c]];
      value[table.at(r, at)] += line.persons;
      value[table.at(last, at)] += line.persons;
    }
  }
  return counted;
}

}  // namespace tessera::cells
