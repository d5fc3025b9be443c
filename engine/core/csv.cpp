#include "engine/core/csv.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

namespace tessera::csv {
namespace {

constexpr std::size_t kLongestRow = 1 << 20;

// Length of the valid UTF-8 sequence at p (Unicode 15, table 3-7), 0 if there is none.
std::size_t utf8_length(const unsigned char* p, std::size_t left) {
  const unsigned char c = p[0];
  auto tail = [&](std::size_t i, unsigned char low = 0x80, unsigned char high = 0xBF) {
    return i < left && p[i] >= low && p[i] <= high;
  };
  if (c >= 0xC2 && c <= 0xDF) return tail(1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    const unsigned char low = c == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = c == 0xED ? 0x9F : 0xBF;
    return tail(1, low, high) && tail(2) ? 3 : 0;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    const unsigned char low = c == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = c == 0xF4 ? 0x8F : 0xBF;
    return tail(1, low, high) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

bool valid_utf8(std::string_view s) {
  const auto* p = reinterpret_cast<const unsigned char*>(s.data());
  for (std::size_t i = 0; i < s.size();) {
    if (s.size() - i >= 8) {  // eight ASCII bytes at a time
      std::uint64_t word = 0;
      std::memcpy(&word, p + i, 8);
      if ((word & 0x8080808080808080ULL) == 0) {
        i += 8;
        continue;
      }
    }
    if (p[i] < 0x80) {
      ++i;
      continue;
    }
    const std::size_t n = utf8_length(p + i, s.size() - i);
    if (n == 0) return false;
    i += n;
  }
  return true;
}

}  // namespace

Result<Reader> Reader::open(std::string_view text, std::string name) {
  Reader r;
  r.name_ = std::move(name);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF"))
    return Error{ErrorCode::format, "this is UTF-16; save the file as UTF-8", r.name_};
  r.text_ = text;
  Row cells;
  TESSERA_TRY(const bool any, r.read_cells(cells));
  if (!any) return Error{ErrorCode::format, "no header line; the file is empty", r.name_};
  for (const std::string_view cell : cells) {
    if (std::ranges::find(r.header_, cell) != r.header_.end())
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
                 fmt::format("{} cells where the header has {}", row.size(), header_.size()),
                 where()};
  return any;
}

Result<bool> Reader::read_cells(Row& row) {
  row.clear();
  unquoted_.clear();
  const char* const base = text_.data();
  const std::size_t size = text_.size();
  while (at_ < size &&
         (base[at_] == '\n' || (base[at_] == '\r' && at_ + 1 < size && base[at_ + 1] == '\n'))) {
    at_ += base[at_] == '\n' ? 1 : 2;
    ++line_;
  }
  row_line_ = line_;
  if (at_ >= size) return false;

  const std::size_t begin = at_;
  const char* fault = nullptr;
  struct Cell {
    std::size_t from, length;
    bool doubled;  // holds doubled quotes
  };
  thread_local std::vector<Cell> cells;
  cells.clear();
  for (bool row_ends = false; !row_ends;) {
    std::size_t from = at_;
    bool doubled = false;
    std::size_t length = 0;
    if (at_ < size && base[at_] == '"') {
      from = ++at_;
      for (;;) {
        const char* q = at_ < size
                            ? static_cast<const char*>(std::memchr(base + at_, '"', size - at_))
                            : nullptr;
        if (q == nullptr) {
          // An unclosed quote eats the rest of the file; give up this line only, so that the
          // rows after it are still read.
          fault = "a quoted cell is never closed";
          const char* nl = static_cast<const char*>(std::memchr(base + begin, '\n', size - begin));
          at_ = nl != nullptr ? static_cast<std::size_t>(nl - base) + 1 : size;
          line_ = row_line_ + 1;
          return Error{ErrorCode::format, fault, where()};
        }
        line_ += static_cast<std::size_t>(std::count(base + at_, q, '\n'));
        at_ = static_cast<std::size_t>(q - base) + 1;
        if (at_ < size && base[at_] == '"') {
          doubled = true;
          ++at_;
          continue;
        }
        break;
      }
      length = at_ - 1 - from;
      if (at_ < size && base[at_] != ',' && base[at_] != '\n' && base[at_] != '\r')
        fault = "text after a closing quote";
    }
    const std::size_t rest = at_;
    while (at_ < size && base[at_] != ',' && base[at_] != '\n') {
      if (base[at_] == '"' && fault == nullptr) fault = "a quote inside an unquoted cell";
      ++at_;
    }
    std::size_t end = at_;
    row_ends = at_ >= size || base[at_] == '\n';
    if (row_ends && end > rest && base[end - 1] == '\r') --end;
    if (length == 0 && !doubled && rest == from) length = end - from;
    cells.push_back({from, length, doubled});
    if (at_ < size) {
      if (base[at_] == '\n') ++line_;
      ++at_;
    }
  }
  const std::string_view whole(base + begin, at_ - begin);
  if (whole.size() > kLongestRow)
    fault = "a row of more than 1 MiB; is a closing quote missing?";
  else if (std::memchr(whole.data(), 0, whole.size()) != nullptr)
    fault = "a zero byte; this is not a text file in UTF-8";
  else if (!valid_utf8(whole))
    fault = "not UTF-8; save the file as UTF-8";
  if (fault != nullptr) return Error{ErrorCode::format, fault, where()};

  for (const Cell& c : cells)
    if (c.doubled) {
      std::string& s = unquoted_.emplace_back();
      const std::string_view raw(base + c.from, c.length);
      for (std::size_t i = 0; i < raw.size(); ++i) {
        s.push_back(raw[i]);
        if (raw[i] == '"') ++i;
      }
    }
  std::size_t next_unquoted = 0;
  for (const Cell& c : cells)
    row.push_back(c.doubled ? std::string_view(unquoted_[next_unquoted++])
                            : std::string_view(base + c.from, c.length));
  return true;
}

void append_row(std::string& out, const std::vector<std::string_view>& cells) {
  bool first = true;
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
