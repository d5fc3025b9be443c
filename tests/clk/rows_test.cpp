#include "engine/clk/rows.h"

#include <doctest/doctest.h>

using namespace tessera::clk;

namespace {

using Table = std::vector<std::vector<std::string>>;

Table read(std::string_view text) {
  Rows rows(text, 1);
  std::vector<std::string_view> cells;
  Table out;
  while (rows.next(cells)) out.emplace_back(cells.begin(), cells.end());
  return out;
}

// One character at a time, with a mind to nothing but the rules.
Table plain(std::string_view text) {
  Table out;
  std::vector<std::string> row;
  std::string cell;
  bool quoted = false, started = false, any = false;
  const auto end_cell = [&] {
    row.push_back(cell);
    cell.clear();
    quoted = started = false;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\r') {
      if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
      c = '\n';
    }
    const bool doubled = quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"';
    if (quoted && (c != '"' || doubled)) {
      cell += c;
      if (doubled) ++i;
    } else if (quoted) {
      quoted = false;
    } else if (c == '"' && !started) {
      quoted = true;
    } else if (c == ',') {
      end_cell();
      any = true;
      continue;
    } else if (c == '\n') {
      if (any) end_cell();
      out.push_back(std::move(row));
      row.clear();
      any = started = false;
      continue;
    } else {
      cell += c;
    }
    any = started = true;
  }
  if (any) {
    end_cell();
    out.push_back(row);
  }
  return out;
}

}  // namespace

TEST_CASE("rows of any length and mix are those of the plain reader") {
  std::uint32_t state = 1;
  const auto below = [&](std::uint32_t n) {
    state = state * 1664525U + 1013904223U;
    return (state >> 8) % n;
  };
  for (const std::string_view letters : {"abcdefghijk,\n", "abcde,\n\r\"", "ab,\n\r\"\"", "ab"})
    for (int i = 0; i < 2000; ++i) {
      std::string text;
      for (std::uint32_t n = below(120); n > 0; --n)
        text += letters[below(static_cast<std::uint32_t>(letters.size()))];
      CHECK_MESSAGE(read(text) == plain(text), text);
    }
}

TEST_CASE("rows are those of Python's csv module") {
  CHECK(read("a,b\nc,d\n") == Table{{"a", "b"}, {"c", "d"}});
  CHECK(read("a,b\nc,d") == Table{{"a", "b"}, {"c", "d"}});
  CHECK(read("a,b\r\nc,d\r\n") == Table{{"a", "b"}, {"c", "d"}});
  CHECK(read("a\rb\r") == Table{{"a"}, {"b"}});
  CHECK(read(" a , b \n") == Table{{" a ", " b "}});
  CHECK(read("a,\n,b\n,\n") == Table{{"a", ""}, {"", "b"}, {"", ""}});
  CHECK(read("a,") == Table{{"a", ""}});
  CHECK(read("") == Table{});
  CHECK(read("\n") == Table{{}});
  CHECK(read("a\n\nb\n") == Table{{"a"}, {}, {"b"}});
  CHECK(read("\r\n") == Table{{}});
  CHECK(read("\"\"\n") == Table{{""}});
  CHECK(read("\"a,\"\"b\"\"\",c\n") == Table{{"a,\"b\"", "c"}});
  CHECK(read("\"a\nb\",c\n") == Table{{"a\nb", "c"}});
  CHECK(read("\"a\r\nb\"\n") == Table{{"a\nb"}});
  CHECK(read("a\"b,c\n") == Table{{"a\"b", "c"}});
  CHECK(read("\"a\"b\"c,d\n") == Table{{"ab\"c", "d"}});
  CHECK(read("\"open,\nend") == Table{{"open,\nend"}});
}

TEST_CASE("lines are counted through quoted cells") {
  Rows rows("a\n\"b\nc\"\nd\n", 5);
  std::vector<std::string_view> cells;
  std::vector<std::size_t> lines;
  while (rows.next(cells)) lines.push_back(rows.line());
  CHECK(lines == std::vector<std::size_t>{5, 6, 8});
}
