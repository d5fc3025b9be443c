// One row of cells made into canonical Fields by the schema's rules.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "engine/record/columns.h"
#include "engine/record/roster.h"

namespace tessera::record {

// Cells by column, trimmed or not, and the line they began on.
struct Row {
  std::size_t line = 0;
  std::span<const std::string_view> cells;
};

// White space off both ends, no-break spaces too.
std::string_view trim(std::string_view cell);

class RowReader {
 public:
  // The three must outlive the reader.
  RowReader(const schema::Schema& schema, const Plan& plan, const ReadOptions& options);

  // Fills `out`; counts findings per field in `tallies` (one per schema field).
  // REQUIRES: row has all columns of the plan. Thread safe.
  void read(const Row& row, Fields& out, std::span<Tally> tallies) const;

 private:
  void read_value(std::size_t field, const Row& row, Fields& out, std::span<Tally> tallies,
                  char& initial) const;
  void read_ssn_field(std::size_t field, const Row& row, Fields& out, Tally& tally) const;
  void judge_names(Fields& out, std::span<Tally> tallies, std::size_t line, char initial) const;

  // A category's spelling, folded to lower case, and the index of its value.
  struct Spelling {
    std::string text;
    std::size_t value;
  };

  const schema::Schema& schema_;
  const Plan& plan_;
  const ReadOptions& options_;
  std::vector<std::vector<Spelling>> spellings_;  // per field
  std::optional<std::size_t> given_, surname_, middle_, date_, ssn_;
};

}  // namespace tessera::record
