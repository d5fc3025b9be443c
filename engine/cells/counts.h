// From a list of counts to the tables that are to be published, with every total.
#pragma once

#include <string>
#include <vector>

#include "engine/cells/nesting.h"
#include "engine/cells/sums.h"
#include "engine/core/csv.h"
#include "engine/core/result.h"

namespace tessera::cells {

// What to count by: one table for each of `columns`, all with the rows `rows`.
struct Plan {
  std::string rows;                  // a column of the list: school, district ...
  std::vector<std::string> columns;  // columns of the list; none: a table of totals alone
  std::string count;                 // a column of whole numbers; "" = each line is one person
};

// A table of a Counted: `cell` holds (rows + 1) x (labels + 1) positions in its sums, row by row,
// the last of each line and the last line being totals. The totals are shared between tables.
struct Table {
  std::string field;                // of the columns; "" where there are none
  std::vector<std::string> labels;  // of the columns, rising bytewise
  std::vector<std::uint32_t> cell;
  std::uint32_t at(std::size_t row, std::size_t column) const {
    return cell[row * (labels.size() + 1) + column];
  }
};

struct Counted {
  std::string row_field;
  std::vector<std::string> rows;  // labels, rising bytewise
  std::vector<Table> tables;
  Sums sums;
  Nesting nesting{};  // of its columns and of earlier releases'; see nest()
};

// Most cells that the tables of one release may have together: beyond it the linear programs take
// hours, and no reader reads it.
inline constexpr std::size_t kMostCells = 50'000;

// Stands for an empty label.
inline constexpr std::string_view kNoLabel = "(none)";

// Adds up the list. Errors name the line and the column, never a label: a missing column, a count
// that is no whole number from 0 to 2^40, more than kMostCells cells. An empty label stands as
// kNoLabel.
Result<Counted> count_tables(csv::Reader& list, const Plan& plan);

}  // namespace tessera::cells
