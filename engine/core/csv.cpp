#include "engine/core/csv.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/text_encoding.h"

namespace tessera::csv {
namespace {

constexpr std::size_t kLongestRow = 1 << 20;

// A cell as it stands in the text, quotes off.
struct Cell {
  std::size_t from, length;
  bool doubled;  // holds doubled quotes
};

// Takes one row apart. A fault does not stop it: the row's end is still found, so that the rows
// after it can be read.
class Scanner {
 public:
  Scanner(std::string_view text, std::size_t at, char separator)
      : text_(text), begin_(at), at_(at), separator_(separator) {}

  // False if a quoted cell is never closed within the longest row: nothing after it can be told.
  bool scan(std::vector<Cell>& cells) {
    for (;;) {
      Cell cell{at_, 0, false};
      if (at_ < text_.size() && text_[at_] == '"') {
        if (!quoted(cell)) return false;
      } else {
        plain(cell);
      }
      // Of a row that is too long anyway no more is kept, or a line of commas would fill the
      // memory.
      if (cell.from - begin_ <= kLongestRow) cells.push_back(cell);
      if (line_end() || at_ >= text_.size()) break;
      ++at_;  // the separator
    }
    if (at_ < text_.size()) {
      at_ += text_[at_] == '\r' ? 1 : 0;
      at_ += at_ < text_.size() ? 1 : 0;
      ++lines_;
    }
    return true;
  }
  std::size_t at() const { return at_; }
  std::size_t lines() const { return lines_; }  // newlines passed
  const char* fault() const { return fault_; }

 private:
  // LF, CRLF, or a last CR.
  bool line_end() const {
    if (at_ >= text_.size()) return false;
    if (text_[at_] == '\n') return true;
    return text_[at_] == '\r' && (at_ + 1 == text_.size() || text_[at_ + 1] == '\n');
  }
  // Up to the separator or the end of the line.
  void skip_rest() {
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == separator_ || c == '\n' || (c == '\r' && line_end())) return;
    }
  }
  void plain(Cell& cell) {
    skip_rest();
    cell.length = at_ - cell.from;
    const std::string_view inside = text_.substr(cell.from, cell.length);
    if (inside.find('"') != std::string_view::npos && fault_ == nullptr)
      fault_ = "a quote inside an unquoted cell; quote the cell and double the quote";
  }
  bool quoted(Cell& cell) {
    cell.from = ++at_;
    const std::size_t limit = std::min(text_.size(), cell.from + kLongestRow);
    for (;;) {
      const std::size_t q = text_.substr(0, limit).find('"', at_);
      if (q == std::string_view::npos) return false;
      lines_ += static_cast<std::size_t>(
          std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                     text_.begin() + static_cast<std::ptrdiff_t>(q), '\n'));
      at_ = q + 1;
      if (at_ >= limit || text_[at_] != '"') break;
      cell.doubled = true;
      ++at_;
    }
    cell.length = at_ - 1 - cell.from;
    const std::size_t closed = at_;
    skip_rest();
    if (at_ > closed && fault_ == nullptr)
      fault_ = "text after a closing quote; double quotes that belong to the cell";
    return true;
  }

  std::string_view text_;
  std::size_t begin_;
  std::size_t at_;
  char separator_;
  std::size_t lines_ = 0;
  const char* fault_ = nullptr;
};

// What no row may hold, whatever its cells; nullptr if it is fine.
const char* fault_of(std::string_view row) {
  if (row.size() > kLongestRow) return "a row of more than 1 MiB; is a closing quote missing?";
  if (row.find('\0') != std::string_view::npos)
    return "a zero byte; take it out, or get the file again if it is damaged";
  if (!valid_utf8(row))
    return "not UTF-8 in a file that otherwise is; type the row's letters again";
  return nullptr;
}

std::string undoubled(std::string_view raw) {
  std::string out;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    out.push_back(raw[i]);
    if (raw[i] == '"') ++i;
  }
  return out;
}

}  // namespace

Result<Reader> Reader::open(std::string_view text, std::string name, char separator) {
  TESSERA_CHECK(refuse_other_encodings(text, name));
  Reader r;
  r.name_ = std::move(name);
  r.separator_ = separator;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  r.text_ = text;
  Row cells;
  TESSERA_TRY(const bool any, r.read_cells(cells));
  if (!any) return Error{ErrorCode::format, "no header line; the file is empty", r.name_};
  if (const std::size_t cr = text.find('\r');
      cr < text.size() - 1 && text.find('\n') == std::string_view::npos)
    return Error{ErrorCode::format,
                 "its lines end in CR alone; convert them with \"tr '\\r' '\\n'\"", r.name_};
  for (const std::string_view cell : cells) {
    // Spreadsheets leave empty columns behind, which nothing asks for.
    if (!cell.empty() && std::ranges::find(r.header_, cell) != r.header_.end())
      return Error{
          ErrorCode::format,
          fmt::format("column {} repeats the name of an earlier one", r.header_.size() + 1),
          r.where()};
    r.header_.emplace_back(cell);
  }
  return r;
}

std::optional<std::size_t> Reader::column(std::string_view name) const {
  const auto it = std::ranges::find(header_, name);
  if (it == header_.end()) return std::nullopt;
  return static_cast<std::size_t>(it - header_.begin());
}

Result<std::vector<std::size_t>> Reader::require(const std::vector<std::string_view>& names) const {
  std::vector<std::size_t> at;
  std::string missing;
  for (const std::string_view n : names) {
    if (const auto c = column(n))
      at.push_back(*c);
    else
      missing += fmt::format("{}{}", missing.empty() ? "" : ", ", n);
  }
  if (!missing.empty()) return Error{ErrorCode::format, "missing column: " + missing, name_ + ":1"};
  return at;
}

std::string Reader::where() const { return fmt::format("{}:{}", name_, row_line_); }

Result<bool> Reader::next(Row& row) {
  TESSERA_TRY(const bool any, read_cells(row));
  if (any && row.size() != header_.size())
    return Error{ErrorCode::format,
                 fmt::format("{} cells where the header has {}; quote cells that hold a separator",
                             row.size(), header_.size()),
                 where()};
  return any;
}

void Reader::skip_blank_lines() {
  for (;;) {
    const std::string_view rest = text_.substr(at_);
    const std::size_t n = rest.starts_with('\n')                       ? 1
                          : rest.starts_with("\r\n")                   ? 2
                          : rest.size() == 1 && rest.starts_with('\r') ? 1
                                                                       : 0;
    if (n == 0) return;
    at_ += n;
    ++line_;
  }
}

Result<bool> Reader::read_cells(Row& row) {
  row.clear();
  unquoted_.clear();
  skip_blank_lines();
  row_line_ = line_;
  if (at_ >= text_.size()) return false;

  const std::size_t begin = at_;
  std::vector<Cell> cells;
  cells.reserve(header_.size());
  Scanner scanner(text_, at_, separator_);
  if (!scanner.scan(cells)) {
    // An unclosed quote could eat the rest of the file: give up this line only.
    const std::size_t end = text_.find('\n', begin);
    at_ = end == std::string_view::npos ? text_.size() : end + 1;
    ++line_;
    return Error{ErrorCode::format, "a quoted cell is never closed; close it", where()};
  }
  at_ = scanner.at();
  line_ += scanner.lines();
  const char* fault = fault_of(text_.substr(begin, at_ - begin));
  if (fault == nullptr) fault = scanner.fault();
  if (fault != nullptr) return Error{ErrorCode::format, fault, where()};

  for (const Cell& c : cells)
    if (c.doubled) unquoted_.push_back(undoubled(text_.substr(c.from, c.length)));
  std::size_t next_unquoted = 0;
  for (const Cell& c : cells)
    row.push_back(c.doubled ? std::string_view(unquoted_[next_unquoted++])
                            : text_.substr(c.from, c.length));
  return true;
}

void append_row(std::string& out, const std::vector<std::string_view>& cells) {
  bool first = true;
  if (cells.size() == 1 && cells[0].empty()) out += "\"\"";  // a blank line would be no row
  for (const std::string_view cell : cells) {
    if (!first) out.push_back(',');
    first = false;
    if (cell.find_first_of(",\"\r\n") == std::string_view::npos) {
      out += cell;
      continue;
    }
    out.push_back('"');
    for (const char c : cell) {
      if (c == '"') out.push_back('"');
      out.push_back(c);
    }
    out.push_back('"');
  }
  out.push_back('\n');
}

}  // namespace tessera::csv
