// Small tables for the tests of this room.
#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/cells/counts.h"

namespace tessera::cells {

// One table, rows r0.. by columns c0.., of these counts.
inline Counted grid(const std::vector<std::vector<std::int64_t>>& counts) {
  std::string list = "school,grade,n\n";
  for (std::size_t r = 0; r < counts.size(); ++r)
    for (std::size_t c = 0; c < counts[r].size(); ++c)
      list += fmt::format("r{},c{},{}\n", r, c, counts[r][c]);
  Result<csv::Reader> reader = csv::Reader::open(list, "counts.csv");
  REQUIRE(reader.has_value());
  Result<Counted> counted = count_tables(*reader, {"school", {"grade"}, "n"});
  REQUIRE(counted.has_value());
  return *std::move(counted);
}

}  // namespace tessera::cells
