#include "engine/cells/publish.h"

#include "tests/cells/grids.h"

using namespace tessera;
using namespace tessera::cells;

namespace {

Pattern protect(const Counted& counted) {
  Silent silent;
  Result<Pattern> pattern = suppress(counted.sums, {}, {}, silent);
  REQUIRE(pattern.has_value());
  return *std::move(pattern);
}

}  // namespace

TEST_CASE("the table: a star for what is hidden, totals last") {
  const Counted counted = grid({{3, 40, 50}, {60, 70, 80}, {90, 91, 92}});
  CHECK(table_csv(counted, counted.tables[0], protect(counted)) ==
        "school,c0,c1,c2,total\n"
        "r0,*,*,50,93\n"
        "r1,*,*,80,210\n"
        "r2,90,91,92,273\n"
        "total,153,201,222,576\n");
}

TEST_CASE("percentages say nothing that counts do not") {
  const Counted counted = grid({{3, 40, 50}, {60, 70, 80}, {90, 91, 92}});
  CHECK(percent_csv(counted, counted.tables[0], protect(counted)) ==
        "school,c0,c1,c2,total\n"
        "r0,*,*,53.8,100.0\n"
        "r1,*,*,38.1,100.0\n"
        "r2,33.0,33.3,33.7,100.0\n"
        "total,26.6,34.9,38.5,100.0\n");
}

TEST_CASE("the page escapes its words and loads nothing") {
  const Counted counted = grid({{30, 40}});
  const std::string page = release_page(counted, protect(counted), {}, "<2025> & more");
  CHECK(page.find("&lt;2025&gt; &amp; more") != std::string::npos);
  CHECK(page.find("default-src 'none'") != std::string::npos);
  CHECK(page.find("<script") == std::string::npos);
  CHECK(page.find("http://") == std::string::npos);
}
