// A cell: missing, checked against the schema, and brought to the one spelling that is hashed.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/clk/linkage_schema.h"
#include "engine/clk/python_date.h"
#include "engine/clk/python_pattern.h"

namespace tessera::clk {

// One per feature and thread: compiled patterns are not shared.
class ValueReader {
 public:
  // REQUIRES: a feature of a loaded schema, not ignored; it must outlive the reader.
  static Result<ValueReader> create(const Feature& feature, bool validate, bool strict);

  // The text to make tokens of: the cell itself, the schema's replacement, or in `room`. An error
  // says which rule the cell breaks, not the cell. Whole numbers and dates are read, and may fail,
  // even where validation is off.
  Result<std::string_view> read(std::string_view cell, std::string& room) const;
  // Whether that takes no more than a look at each byte, for the usual spellings.
  bool is_cheap() const;

 private:
  ValueReader(const Feature& feature, bool validate, bool strict)
      : feature_(&feature), validate_(validate), strict_(strict) {}
  Result<void> check_string(std::string_view cell) const;
  Result<std::string_view> read_integer(std::string_view cell, std::string& room) const;
  Error bad(std::string_view rule) const;
  const Feature* feature_;
  bool validate_;
  bool strict_;
  std::optional<Pattern> pattern_;
  std::optional<DateFormat> date_;
};

}  // namespace tessera::clk
