// RFC 4180 tables: a reader that names the line of every fault, and a writer.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/file.h"
#include "engine/core/result.h"

namespace tessera::csv {

// Cells of one row. Views live until the next call of next() on their reader.
using Row = std::vector<std::string_view>;

// Reads a table held in memory (or a mapped file): comma, double quotes, quoted newlines, LF or
// CRLF, an optional UTF-8 byte order mark. A table in another encoding is refused as a whole
// (text_encoding.h); of one in UTF-8, rows with stray bytes or zero bytes. Blank lines are skipped.
// Not thread safe.
class Reader {
 public:
  // `text` must outlive the reader; `name` stands in errors as "<name>:<line>".
  // Reads the header line; error if there is none or a column name occurs twice. Several columns
  // may have no name.
  // `separator`: an ASCII character in place of the comma.
  static Result<Reader> open(std::string_view text, std::string name, char separator = ',');

  const std::vector<std::string>& header() const { return header_; }
  // Position of a column by exact name; nullopt if absent.
  std::optional<std::size_t> column(std::string_view name) const;
  // Columns that must be there, in the order asked; the error lists what is missing.
  Result<std::vector<std::size_t>> require(const std::vector<std::string_view>& names) const;

  // The next row; false at the end. A row whose structure is broken (wrong number of cells, stray
  // quote, bad UTF-8, over 1 MiB) is an error that names its line; reading may go on after it.
  Result<bool> next(Row& row);
  std::size_t line() const { return row_line_; }  // 1-based line on which the last row began
  std::string where() const;                      // "<name>:<line>"
  std::size_t offset() const { return at_; }      // bytes consumed, for progress

 private:
  Reader() = default;
  void skip_blank_lines();
  Result<bool> read_cells(Row& row);
  std::string_view text_;
  std::string name_;
  std::vector<std::string> header_;
  std::vector<std::string> unquoted_;  // cells that had doubled quotes
  char separator_ = ',';
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  std::size_t row_line_ = 0;
};

// Appends one row to `out`, quoting where needed, ending in LF.
void append_row(std::string& out, const std::vector<std::string_view>& cells);

}  // namespace tessera::csv
