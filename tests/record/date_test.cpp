// Dates: formats, exchanged parts, centuries, placeholders, ages.
#include "engine/record/date.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace tessera::record;
using tessera::encoded::Population;

namespace {

const Date kToday{2026, 11, 21, false};
const std::vector<std::string> kFormats = {"%Y-%m-%d", "%m/%d/%Y", "%Y%m%d",   "%m/%d/%y",
                                           "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y"};

// "2010-03-04", "2010-03-04 swapped", "2010-00-00 day_not_known", "- unreadable".
std::string read(std::string_view text, const std::vector<std::string>& formats = kFormats,
                 const Date& today = kToday) {
  Finding finding = Finding::none;
  const Date d = read_date(text, formats, today, finding);
  CHECK(d.swapped == (finding == Finding::swapped));
  std::string out = is_missing(d) ? "-" : fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day);
  if (finding != Finding::none) out += fmt::format(" {}", name_of(finding));
  return out;
}

}  // namespace

TEST_CASE("dates in the schema's formats, tried in order") {
  const std::pair<const char*, const char*> examples[] = {
      {"2010-03-04", "2010-03-04"},
      {"2010-3-4", "2010-03-04"},
      {"03/04/2010", "2010-03-04"},
      {"3/4/2010", "2010-03-04"},
      {"20100304", "2010-03-04"},
      {"3/4/10", "2010-03-04"},
      {"04-Mar-2010", "2010-03-04"},
      {"4-MARCH-2010", "2010-03-04"},
      {"04-mar-10", "2010-03-04"},
      {"Mar 4, 2010", "2010-03-04"},
      {"2010-03-04 00:00:00", "2010-03-04"},
      {"2010-03-04T00:00:00.000Z", "2010-03-04"},
      {"3/4/2010 12:00:00 AM", "2010-03-04"},
      {"2012-02-29", "2012-02-29"},
      {"2000-02-29", "2000-02-29"},
      {"", "-"},
      {"2010-03", "- unreadable"},
      {"2010-03-04x", "- unreadable"},
      {"2010-03-04 nonsense", "- unreadable"},
      {"2010/03/04", "- unreadable"},
      {"201003045", "- unreadable"},
      {"2010304", "- unreadable"},
      {"2011-02-29", "- unreadable"},
      {"1900-02-29", "- unreadable"},
      {"2010-04-31", "- unreadable"},
      {"2010-13-32", "- unreadable"},
      {"1849-05-05", "- unreadable"},
      {"2151-05-05", "- unreadable"},
      {"04-Mrz-2010", "- unreadable"},
      {"hello", "- unreadable"}};
  for (const auto& [text, expected] : examples) {
    CAPTURE(text);
    CHECK(read(text) == expected);
  }
  CHECK(read("03/04/2010", {"%d/%m/%Y", "%m/%d/%Y"}) == "2010-04-03");
  CHECK(read("2010-03-04", {}) == "- unreadable");
}

TEST_CASE("a date valid only with day and month exchanged is so read, and marked") {
  CHECK(read("25/12/2010") == "2010-12-25 swapped");
  CHECK(read("2010-25-12") == "2010-12-25 swapped");
  CHECK(read("20102512") == "2010-12-25 swapped");
  CHECK(read("25/12/10") == "2010-12-25 swapped");
  CHECK(read("30/02/2010") == "- unreadable");
  CHECK(read("32/12/2010") == "- unreadable");
  // A format that reads it as it stands goes before.
  CHECK(read("25/12/2010", {"%m/%d/%Y", "%d/%m/%Y"}) == "2010-12-25");
}

TEST_CASE("two-digit years: the POSIX pivot, and never in the future") {
  CHECK(read("03/04/68") == "1968-03-04");  // 2068 is to come
  CHECK(read("03/04/69") == "1969-03-04");
  CHECK(read("03/04/99") == "1999-03-04");
  CHECK(read("03/04/00") == "2000-03-04");
  CHECK(read("11/21/26") == "2026-11-21");
  CHECK(read("11/22/26") == "1926-11-22");
  CHECK(read("03/04/68", kFormats, Date{}) == "2068-03-04");  // today is not known
}

TEST_CASE("placeholders are missing; parts that are not known leave the rest") {
  for (const char* text : {"1900-01-01", "01/01/1900", "19000101", "9999-12-31", "99/99/9999",
                           "00/00/0000", "0000-00-00", "00000000", "1899-12-30", "1111-11-11",
                           "N/A", "unknown", "NULL", "-", "00/00/00", "1901-01-01", "2999-12-31"}) {
    CAPTURE(text);
    CHECK(read(text) == "- placeholder");
  }
  CHECK(read("2010-00-00") == "2010-00-00 day_not_known");
  CHECK(read("2010-05-00") == "2010-05-00 day_not_known");
  CHECK(read("00/17/2010") == "2010-00-00 day_not_known");
  CHECK(read("2010-01-01") == "2010-01-01");  // a placeholder only if the roster has too many
}

TEST_CASE("every day of four centuries comes back from every format") {
  for (unsigned year = 1850; year <= 2150; ++year)
    for (unsigned month = 1; month <= 12; ++month)
      for (unsigned day = 1; day <= days_in_month(year, month); day += day < 26 ? 5 : 1) {
        const std::string iso = fmt::format("{:04}-{:02}-{:02}", year, month, day);
        const std::string read_back = read(iso);
        if (read_back == "- placeholder") continue;
        REQUIRE(read_back == iso);
        REQUIRE(read(fmt::format("{}/{}/{}", month, day, year)) == iso);
        REQUIRE(read(fmt::format("{}{:02}{:02}", year, month, day)) == iso);
      }
}

TEST_CASE("ages and what is plausible") {
  const auto age = [](unsigned y, unsigned m, unsigned d) {
    return age_on({static_cast<std::uint16_t>(y), static_cast<std::uint8_t>(m),
                   static_cast<std::uint8_t>(d), false},
                  kToday);
  };
  CHECK(age(2016, 11, 21) == 10);
  CHECK(age(2016, 11, 22) == 9);
  CHECK(age(2016, 0, 0) == 10);
  CHECK(age(2027, 1, 1) == -1);
  CHECK_FALSE(plausible_age(1, Population::student));
  CHECK(plausible_age(2, Population::student));
  CHECK(plausible_age(22, Population::student));
  CHECK_FALSE(plausible_age(23, Population::student));
  CHECK_FALSE(plausible_age(17, Population::staff));
  CHECK(plausible_age(18, Population::staff));
  CHECK(plausible_age(90, Population::staff));
  CHECK_FALSE(plausible_age(91, Population::staff));
  CHECK_FALSE(plausible_age(-1, Population::college));
}
