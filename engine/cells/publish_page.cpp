// The page of a release: tables with captions and header cells, fit for print and screen readers.
#include <fmt/format.h>

#include "engine/cells/publish.h"
#include "engine/core/page.h"

namespace tessera::cells {
namespace {

std::string table_of(const Counted& counted, const Table& table, const Pattern& pattern) {
  PageTable::Cells head{counted.row_field};
  head.insert(head.end(), table.labels.begin(), table.labels.end());
  head.emplace_back("total");
  PageTable out(counted.row_field + (table.field.empty() ? "" : " by " + table.field), head);
  for (std::size_t r = 0; r <= counted.rows.size(); ++r) {
    PageTable::Cells cells{r < counted.rows.size() ? counted.rows[r] : "total"};
    for (std::size_t c = 0; c <= table.labels.size(); ++c) {
      const std::uint32_t i = table.at(r, c);
      cells.push_back(pattern.mark[i] == Mark::shown ? std::to_string(counted.sums.value[i])
                                                     : std::string(kHidden));
    }
    out.row(cells);
  }
  return out.done();
}

}  // namespace

std::string release_page(const Counted& counted, const Pattern& pattern, const Rule& rule,
                         const std::string& title) {
  std::string out =
      open_page(title) +
      fmt::format(
          "<p>{0} stands for a count that is not printed: it is below {1}{2}, or one below {1} "
          "could be worked out from it.</p>\n",
          kHidden, rule.smallest_shown, rule.show_zeros ? " and not 0" : "");
  for (const Table& table : counted.tables) out += table_of(counted, table, pattern);
  return out + std::string(kClosePage);
}

}  // namespace tessera::cells
