// Tables as Python's csv module reads them, so that the same cells are hashed.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace tessera::clk {

// csv.reader over a file opened as text: commas, double quotes at the start of a cell, doubled
// quotes, nothing trimmed, CR and CRLF read as LF, a blank line is a row without cells. Not thread
// safe; the text must outlive the reader.
class Rows {
 public:
  Rows(std::string_view text, std::size_t first_line) : text_(text), line_(first_line) {}
  // The next row, false at the end. Cells live until the next call.
  bool next(std::vector<std::string_view>& cells);
  std::size_t line() const { return row_line_; }  // on which the last row began
  std::size_t offset() const { return at_; }

 private:
  void read_quoted(std::vector<std::string_view>& cells);
  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_;
  std::size_t row_line_ = 0;
  std::deque<std::string> unquoted_;
};

}  // namespace tessera::clk
