#include "engine/cells/publish.h"

#include <fmt/format.h>

#include "engine/core/csv.h"

namespace tessera::cells {
namespace {

std::string count_text(const Counted& counted, const Pattern& pattern, std::uint32_t cell) {
  return pattern.mark[cell] == Mark::shown ? std::to_string(counted.sums.value[cell]) : kHidden;
}

// One CSV line after the other; `text` gives what stands at (row, column).
template <class Text>
std::string lines(const Counted& counted, const Table& table, const Text& text) {
  std::string out;
  std::vector<std::string_view> header{counted.row_field};
  header.insert(header.end(), table.labels.begin(), table.labels.end());
  header.emplace_back("total");
  csv::append_row(out, header);
  for (std::size_t r = 0; r <= counted.rows.size(); ++r) {
    std::vector<std::string> cells{r < counted.rows.size() ? counted.rows[r] : "total"};
    for (std::size_t c = 0; c <= table.labels.size(); ++c) cells.push_back(text(r, c));
    csv::append_row(out, {cells.begin(), cells.end()});
  }
  return out;
}

}  // namespace

std::string table_csv(const Counted& counted, const Table& table, const Pattern& pattern) {
  return lines(counted, table, [&](std::size_t r, std::size_t c) {
    return count_text(counted, pattern, table.at(r, c));
  });
}

std::string percent_csv(const Counted& counted, const Table& table, const Pattern& pattern) {
  return lines(counted, table, [&](std::size_t r, std::size_t c) -> std::string {
    const std::uint32_t part = table.at(r, c);
    const std::uint32_t whole = table.at(r, table.labels.size());
    if (pattern.mark[part] != Mark::shown || pattern.mark[whole] != Mark::shown) return kHidden;
    if (counted.sums.value[whole] == 0) return "";
    return fmt::format("{:.1f}", 100.0 * static_cast<double>(counted.sums.value[part]) /
                                     static_cast<double>(counted.sums.value[whole]));
  });
}

}  // namespace tessera::cells
