#include "engine/disclosure/day.h"

#include <doctest/doctest.h>

using namespace tessera::disclosure;

TEST_CASE("days are read as ISO 8601 writes them, and in no other way") {
  CHECK(to_text(parse_day("2026-02-28").value()) == "2026-02-28");
  for (const char* bad : {"2026-02-30", "2026-2-3", "26-02-03", "2026/02/03", "2026-02-03 ",
                          "-026-02-03", "2026-00-10", "2026-13-01", ""})
    CHECK(!parse_day(bad));
  CHECK(parse_day("2028-02-29"));
  CHECK(!parse_day("2027-02-29"));
}

TEST_CASE("five years on, also from a day that the fifth year does not have") {
  CHECK(to_text(years_after(parse_day("2026-11-21").value(), 5)) == "2031-11-21");
  CHECK(to_text(years_after(parse_day("2028-02-29").value(), 5)) == "2033-03-01");
}
