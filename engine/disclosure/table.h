// The table that is to be released: whose lines they are, and whether its columns may leave.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/digest.h"
#include "engine/core/result.h"

namespace tessera::disclosure {

struct Table {
  std::vector<std::string> fields;              // without the column of state IDs, in file order
  std::vector<std::uint64_t> state_id;          // of each line
  std::vector<std::string> where;               // "FILE:LINE", of each line
  std::vector<std::vector<std::string>> cells;  // of each line, parallel to fields
  Sha256 content{};                             // of the file's bytes
  bool staff_alone = false;                     // every state ID is one of staff (look_up)
  std::vector<std::uint64_t> students() const;  // each once, rising
};

// Whether a column's name says that it holds SSNs, or what comes from them.
bool names_ssn(std::string_view column);

// Reads a CSV whose column `id_column` holds state IDs (check digits are checked). Error format
// with the line for a bad ID; error conflict for a column whose name says SSN or whose cells look
// like one (R39: there is no way to release SSNs). Never shows a cell.
Result<Table> read_table(const std::string& text, const std::string& name,
                         const std::string& id_column);

}  // namespace tessera::disclosure
