// Days of the calendar, as text.
#include "engine/core/day.h"

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("a day is a day of the calendar, in one spelling") {
  for (const char* good : {"2026-11-21", "2024-02-29", "0001-01-01", "9999-12-31"})
    CHECK(is_day(good));
  for (const char* bad : {"", "2026-11-31", "2023-02-29", "2026-13-01", "2026-00-10", "2026-1-01",
                          "26-01-01", "2026/01/01", "2026-01-0a", "2026-01-01 ", "-026-01-01"})
    CHECK(!is_day(bad));
}

TEST_CASE("days are counted over months and years") {
  CHECK(add_days("2026-11-21", 0) == "2026-11-21");
  CHECK(add_days("2026-12-31", 1) == "2027-01-01");
  CHECK(add_days("2024-02-28", 1) == "2024-02-29");
  CHECK(add_days("2024-03-01", -1) == "2024-02-29");
  CHECK(add_days("2026-11-21", 30) == "2026-12-21");
}

TEST_CASE("a day reads back as it was written") {
  for (const char* day : {"2026-02-28", "0001-01-01", "2028-02-29"})
    CHECK(to_text(parse_day(day).value()) == day);
}

TEST_CASE("five years on, also from a day that the fifth year does not have") {
  CHECK(to_text(years_after(parse_day("2026-11-21").value(), 5)) == "2031-11-21");
  CHECK(to_text(years_after(parse_day("2028-02-29").value(), 5)) == "2033-03-01");
}
