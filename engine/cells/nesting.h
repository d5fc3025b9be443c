// Columns whose values lie within another's, as schools lie within districts: sums that a reader
// knows though no table prints them.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/csv.h"
#include "engine/core/result.h"

namespace tessera::cells {

struct Counted;

// What a count is of: a value for each column that it is counted by; empty: everybody.
using Whom = std::map<std::string, std::string>;

struct Nesting {
  // (finer column, coarser column) -> value of the coarser -> the finer's values within it, if each
  // of them is in one alone.
  std::map<std::pair<std::string, std::string>, std::map<std::string, std::vector<std::string>>>
      within;
  // Every way in which a count is the sum of counts by a finer column.
  std::vector<std::vector<Whom>> parts_of(const Whom& whom) const;
  // The counts by a coarser column that a count is a part of.
  std::vector<Whom> wholes_of(const Whom& whom) const;
};

// Where each count stands in Counted::sums, whatever the table; and what a cell of one is of.
using Standings = std::map<Whom, std::uint32_t>;
Standings standings_of(const Counted& counted);
// An empty label is the total.
Whom whom_of(const std::string& rows, const std::string& row, const std::string& columns,
             const std::string& column);

// Finds out from the list which of `fields` lie within which, and adds the sums that follow between
// the tables' own counts. Fields that the list does not have are passed over.
Result<void> nest(Counted& counted, csv::Reader& list, const std::vector<std::string>& fields);

}  // namespace tessera::cells
