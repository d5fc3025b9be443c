// Numbers, dates, patterns and text as CPython reads them. Expectations are written from its
// documented rules; the vectors of tests/golden/clk are what was run by it.
#include <cmath>

#include <doctest/doctest.h>

#include "engine/clk/python_date.h"
#include "engine/clk/python_number.h"
#include "engine/clk/python_pattern.h"
#include "engine/clk/unicode.h"

using namespace tessera::clk;

TEST_CASE("int()") {
  for (const auto& [text, want] : std::initializer_list<std::pair<const char*, const char*>>{
           {"7", "7"},
           {"007", "7"},
           {"-0", "0"},
           {"+65", "65"},
           {" 65\t", "65"},
           {"1_000", "1000"},
           {"\xC2\xA0"
            "5\xE3\x80\x80",
            "5"},
           {"\xD9\xA3\xD9\xA4", "34"},
           {"-\xEF\xBC\x95", "-5"},
           {"99999999999999999999", "99999999999999999999"}})
    CHECK_MESSAGE(python_int(text) == std::string(want), text);
  for (const char* bad :
       {"", " ", "1.0", "_1", "1_", "1__0", "+ 1", "0x5", "1e3", "\xC2\xB2", "--5", "five"})
    CHECK_FALSE_MESSAGE(python_int(bad), bad);
  CHECK_FALSE(python_int(std::string(4301, '1')));
  CHECK(python_int(std::string(4300, '1')));
}

TEST_CASE("float()") {
  for (const auto& [text, want] :
       std::initializer_list<std::pair<const char*, double>>{{"1.5", 1.5},
                                                             {" -.5 ", -0.5},
                                                             {"5.", 5},
                                                             {"1e3", 1000},
                                                             {"1_0.2_5", 10.25},
                                                             {"+1E-2", 0.01},
                                                             {"\xD9\xA3.5", 3.5},
                                                             {"1e-400", 0}})
    CHECK_MESSAGE(python_float(text) == want, text);
  CHECK(std::isinf(*python_float("-inf")));
  CHECK(std::isinf(*python_float("1e999")));
  CHECK(std::isnan(*python_float("NaN")));
  for (const char* bad : {"", ".", "e5", "1e", "1._5", "0x1p3", "1,5", "infin", "1 5"})
    CHECK_FALSE_MESSAGE(python_float(bad), bad);
}

TEST_CASE("decimals compare as numbers") {
  const char* ordered[] = {"-100", "-99", "-1", "0", "1", "9", "10", "123456789012345678901"};
  for (std::size_t i = 0; i < std::size(ordered); ++i)
    for (std::size_t j = 0; j < std::size(ordered); ++j)
      CHECK(decimal_less(ordered[i], ordered[j]) == (i < j));
}

TEST_CASE("whole numbers from doubles and decimals") {
  CHECK(Whole::from_double(-7.9).decimal() == "-7");
  CHECK(Whole::from_double(0).decimal() == "0");
  CHECK(Whole::from_double(1e22).decimal() == "10000000000000000000000");
  CHECK(Whole::rounded("25", -1).decimal() == "2");
  CHECK(Whole::rounded("35", -1).decimal() == "4");
  CHECK(Whole::rounded("-25001", -4).decimal() == "-3");
  CHECK(Whole::rounded("4", -1).decimal() == "0");
  CHECK(Whole::rounded("5", -3).decimal() == "0");
  CHECK(Whole::rounded("12", 3).decimal() == "12000");
}

TEST_CASE("strptime and strftime") {
  const auto parse = [](const char* format, const char* text, bool pad = false) {
    const auto f = DateFormat::compile(format);
    REQUIRE_MESSAGE(f, format);
    return f->parse(text, pad);
  };
  struct Case {
    const char *format, *text, *want;
  };
  for (const auto& [format, text, want] : std::initializer_list<Case>{
           {"%Y-%m-%d", "1996-12-19", "19961219"},
           {"%Y-%m-%d", "1996-2-9", "19960209"},
           {"%Y/%m/%d", "2000/02/29", "20000229"},
           {"%d.%m.%Y", "1.3.0123", "1230301"},
           {"%d%m%Y", " 1031999", "19990301"},  // %d takes a leading blank
           {"%y%m%d", "681231", "20681231"},
           {"%y%m%d", "690101", "19690101"},
           {"%d %B %Y", "5 MARCH 1999", "19990305"},
           {"%d %b %Y", "5   mar\t1999", "19990305"},
           {"%A, %d %b %Y", "Friday, 05 Mar 1999", "19990305"},
           {"%Y %j", "2000 366", "20001231"},
           {"%Y %j", "2001 366", "20020101"},
           {"%Y-%m-%dT%H:%M:%S", "1999-03-05T23:59:59", "19990305"},
           {"%I:%M %p %d/%m/%Y", "12:30 PM 05/03/1999", "19990305"},
           {"%G-W%V-%u", "2020-W53-7", "20210103"},
           {"%Y %W %w", "2021 1 1", "20210104"},
           {"%Y %U %a", "2021 0 Sat", "20210102"},
           {"%Y", "1999", "19990101"},
           {"%m/%d", "2/28", "19000228"},
           {"100%% %Y", "100% 1999", "19990101"},
           {"(%Y).*", "(1999).*", "19990101"},
           {"%x", "03/05/99", "19990305"},
           {"%Y%z", "1999+01:30", "19990101"},
           {"%Y-%m-%d", "\xD9\xA1\xD9\xA9\xD9\xA9\xD9\xA9-3-5", "19990305"}})
    CHECK_MESSAGE(parse(format, text) == std::string(want), format, " ", text);
  CHECK(parse("%Y-%m-%d", "0123-01-12", true) == std::string("01230112"));
  struct Bad {
    const char *format, *text;
  };
  for (const auto& [format, text] : std::initializer_list<Bad>{{"%Y-%m-%d", ""},
                                                               {"%Y-%m-%d", "1996-13-01"},
                                                               {"%Y-%m-%d", "1999-02-29"},
                                                               {"%Y-%m-%d", "1900-02-29"},
                                                               {"%Y-%m-%d", "96-01-01"},
                                                               {"%Y-%m-%d", " 1996-01-01"},
                                                               {"%Y-%m-%d", "1996-01-01 "},
                                                               {"%Y-%m-%d", "0000-01-01"},
                                                               {"%m/%d", "2/29"},
                                                               {"%S", "60"},
                                                               {"%Y %V", "1999 5"},
                                                               {"%G", "1999"},
                                                               {"%H", "24"}})
    CHECK_FALSE_MESSAGE(parse(format, text), format, " ", text);
  for (const char* bad : {"%", "%Q", "%Y%Y", "%Y %"})
    CHECK_FALSE_MESSAGE(DateFormat::compile(bad), bad);
}

TEST_CASE("re.fullmatch()") {
  const auto matches = [](const char* pattern, const char* text) {
    const auto p = Pattern::compile(pattern);
    REQUIRE_MESSAGE(p, pattern);
    return p->full_match(text);
  };
  struct Case {
    const char *pattern, *text;
    bool want;
  };
  for (const auto& [pattern, text, want] :
       std::initializer_list<Case>{{"[a-z][a-z][a-z]\\d\\d\\d", "kev007", true},
                                   {"a|ab", "ab", true},
                                   {"\\d+", "\xD9\xA3\xD9\xA4", true},
                                   {"(?a)\\d+", "\xD9\xA3", false},
                                   {"\\w+", "\xC3\xA9t\xC3\xA9", true},
                                   {"a{,2}", "aa", true},
                                   {"a{,2}", "aaa", false},
                                   {"[[:alpha:]]", ":]", true},  // no POSIX classes in Python
                                   {"[]a]+", "a]", true},
                                   {"[^]a]", "b", true},
                                   {"ab\\Z", "ab", true},
                                   {"\\u00e9", "\xC3\xA9", true},
                                   {"(?i)ABC", "abc", true},
                                   {"a$", "a\n", false},
                                   {"", "", true},
                                   {"(?P<y>\\d\\d)-(?P=y)", "12-12", true},
                                   {".", "\n", false}})
    CHECK_MESSAGE(matches(pattern, text) == want, pattern);
  for (const char* bad : {"(", "[a", "\\q", "a**", "\\", "\\u12"})
    CHECK_FALSE_MESSAGE(Pattern::compile(bad), bad);
}

TEST_CASE("encodings carry their byte order mark with every token") {
  CHECK(*encoded("a\xE2\x82\xAC", Encoding::utf16) == std::string("\xFF\xFE"
                                                                  "a\0\xAC\x20",
                                                                  6));
  CHECK(*encoded("\xF0\x9F\x98\x80", Encoding::utf16) ==
        std::string("\xFF\xFE\x3D\xD8\x00\xDE", 6));
  CHECK(*encoded("a", Encoding::utf32) == std::string("\xFF\xFE\0\0a\0\0\0", 8));
  CHECK(*encoded("a", Encoding::ascii) == "a");
  CHECK_FALSE(encoded("\xC3\xA9", Encoding::ascii));
}

TEST_CASE("case and validity of text") {
  CHECK(is_upper("K\xC3\x89VIN 5"));
  CHECK_FALSE(is_upper("K\xC3\xA9VIN"));
  CHECK_FALSE(
      is_upper("STRA\xC3\x9F"
               "E"));  // upper() spells it with SS
  CHECK(
      is_lower("stra\xC3\x9F"
               "e"));
  CHECK(is_lower(""));
  CHECK(valid_utf8("\xE2\x82\xAC"));
  for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80"})
    CHECK_FALSE(valid_utf8(bad));
}
