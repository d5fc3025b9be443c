// Protected tables as people read them: CSV for each table, one HTML page for all.
#pragma once

#include <string>

#include "engine/cells/counts.h"
#include "engine/cells/suppress.h"

namespace tessera::cells {

// What stands in place of a hidden count, whatever the reason it is hidden for.
inline constexpr const char* kHidden = "*";

// The counts, one line for each row, totals last, hidden ones as kHidden.
std::string table_csv(const Counted& counted, const Table& table, const Pattern& pattern);
// Percent of the row's total, one decimal; kHidden where the count or the total is hidden, so that
// a percentage says nothing that the counts do not.
std::string percent_csv(const Counted& counted, const Table& table, const Pattern& pattern);
// One self-contained page: no script, no network. `title` is escaped.
std::string release_page(const Counted& counted, const Pattern& pattern, const Rule& rule,
                         const std::string& title);

}  // namespace tessera::cells
