// Formats of dates: which are some, and which cannot stand beside each other.
#include "engine/schema/date_format.h"

#include <doctest/doctest.h>

using namespace tessera::schema;

TEST_CASE("a format has a year, and each part once at most") {
  for (const char* good : {"%Y-%m-%d", "%d.%m.%y", "%b %d, %Y", "%Y%m%d", "%Y", "%m/%Y"})
    CHECK(is_date_format(good));
  for (const char* bad :
       {"", "dd/mm/yyyy", "%m/%d", "%Y-%m-%d-%d", "%Y %y", "%Y-%b-%m", "%Y-%q", "%Y%"})
    CHECK_FALSE(is_date_format(bad));
}

TEST_CASE("formats that differ in the order of day and month alone are refused") {
  CHECK(fault_of_formats({}).empty());
  CHECK(fault_of_formats({"%Y-%m-%d", "%m/%d/%Y", "%d-%m-%Y", "%d/%b/%Y"}).empty());
  CHECK(fault_of_formats({"%m/%d/%Y", "%Y-%m-%d", "%d/%m/%Y"}) ==
        "'%m/%d/%Y' and '%d/%m/%Y' cannot be told apart; keep one");
  CHECK(fault_of_formats({"DD/MM/YYYY"}).find("'DD/MM/YYYY' is no format") == 0);
}
