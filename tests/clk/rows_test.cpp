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

}  // namespace

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
