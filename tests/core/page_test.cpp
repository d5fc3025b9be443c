#include "engine/core/page.h"

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("cells are escaped once, and the first heads its row") {
  CHECK(PageTable("a < b", {"x", "y"}).row({"1 & 2", "\"z\""}).done() ==
        "<div class=\"wide\"><table>\n<caption>a &lt; b</caption>\n<thead><tr><th "
        "scope=\"col\">x</th><th scope=\"col\">y</th></tr></thead>\n<tbody>\n"
        "<tr><th scope=\"row\">1 &amp; 2</th><td>&quot;z&quot;</td></tr>\n"
        "</tbody>\n</table></div>\n");
}

TEST_CASE("a table of words says so, for its style") {
  const std::string table = PageTable("c", {"x"}, PageTable::Of::words).row({"y"}).done();
  CHECK(table.starts_with("<div class=\"wide\"><table class=\"words\">"));
  CHECK(open_page("T").find(".words td") != std::string::npos);
}

TEST_CASE("a page forbids itself to load anything") {
  const std::string page = open_page("T");
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(page.find("<h1>T</h1>") != std::string::npos);
}
