// A table as an answer: the columns that the policy shows, logged, then printed as CSV or JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/gate.h"

namespace tessera::cli {

struct AnswerTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  // as wide as the header
};

// Leaves out the columns that this asker does not see in `answer` (levels.json), writes down what
// is shown with `ids`, and prints: CSV, or with `json` an object {"rows": [...]}. On an error
// nothing is printed.
Result<void> show_table(const Pass& pass, std::string_view answer, AnswerTable table, bool json,
                        std::vector<std::string> ids = {});

}  // namespace tessera::cli
