#include "engine/cells/nesting.h"

#include <algorithm>
#include <set>

#include "engine/cells/counts.h"

namespace tessera::cells {
namespace {

// A column's values, each with the one value of another column that it was seen with, or "" for
// several.
using Inside = std::map<std::string, std::string>;

std::string label_of(std::string_view text) {
  return text.empty() ? std::string(kNoLabel) : std::string(text);
}

}  // namespace

std::vector<std::vector<Whom>> Nesting::parts_of(const Whom& whom) const {
  std::vector<std::vector<Whom>> out;
  for (const auto& [columns, values] : within) {
    const auto& [finer, coarser] = columns;
    const auto of = whom.find(coarser);
    if (of == whom.end() || whom.contains(finer)) continue;
    const auto inside = values.find(of->second);
    if (inside == values.end()) continue;
    std::vector<Whom>& parts = out.emplace_back();
    for (const std::string& value : inside->second) {
      Whom& part = parts.emplace_back(whom);
      part.erase(coarser);
      part.emplace(finer, value);
    }
  }
  return out;
}

std::vector<Whom> Nesting::wholes_of(const Whom& whom) const {
  std::vector<Whom> out;
  for (const auto& [columns, values] : within) {
    const auto& [finer, coarser] = columns;
    const auto part = whom.find(finer);
    if (part == whom.end() || whom.contains(coarser)) continue;
    for (const auto& [value, inside] : values)
      if (std::ranges::find(inside, part->second) != inside.end()) {
        Whom& whole = out.emplace_back(whom);
        whole.erase(finer);
        whole.emplace(coarser, value);
      }
  }
  return out;
}

Whom whom_of(const std::string& rows, const std::string& row, const std::string& columns,
             const std::string& column) {
  Whom whom;
  if (!row.empty()) whom.emplace(rows, row);
  if (!column.empty()) whom.emplace(columns, column);
  return whom;
}

Standings standings_of(const Counted& counted) {
  Standings places;
  for (const Table& table : counted.tables)
    for (std::size_t r = 0; r <= counted.rows.size(); ++r)
      for (std::size_t c = 0; c <= table.labels.size(); ++c)
        places.emplace(whom_of(counted.row_field, r < counted.rows.size() ? counted.rows[r] : "",
                               table.field, c < table.labels.size() ? table.labels[c] : ""),
                       table.at(r, c));
  return places;
}

Result<void> nest(Counted& counted, csv::Reader& list, const std::vector<std::string>& fields) {
  std::map<std::string, std::size_t> at;
  for (const std::string& field : fields) {
    const auto place = std::ranges::find(list.header(), field);
    if (place != list.header().end())
      at.emplace(field, static_cast<std::size_t>(place - list.header().begin()));
  }
  std::map<std::pair<std::string, std::string>, Inside> seen;
  csv::Row row;
  for (;;) {
    TESSERA_TRY(const bool more, list.next(row));
    if (!more) break;
    for (const auto& [finer, f] : at)
      for (const auto& [coarser, c] : at) {
        if (f == c) continue;
        std::string value = label_of(row[c]);
        const auto [known, is_new] = seen[{finer, coarser}].emplace(label_of(row[f]), value);
        if (!is_new && known->second != value) known->second.clear();
      }
  }
  for (const auto& [columns, inside] : seen) {
    if (std::ranges::any_of(inside, [](const auto& v) { return v.second.empty(); })) continue;
    for (const auto& [value, of] : inside) counted.nesting.within[columns][of].push_back(value);
  }
  const Standings places = standings_of(counted);
  for (const auto& [whom, total] : places)
    for (const std::vector<Whom>& parts : counted.nesting.parts_of(whom)) {
      Relation sum{total, {}};
      for (const Whom& part : parts)
        if (const auto place = places.find(part); place != places.end())
          sum.parts.push_back(place->second);
      if (sum.parts.size() == parts.size()) counted.sums.relations.push_back(std::move(sum));
    }
  return {};
}

}  // namespace tessera::cells
