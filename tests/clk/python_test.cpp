// Numbers, dates, patterns, text and tables as CPython reads them. The expectations are what a real
// CPython did with curated and random cases: python_cases.py makes
// tests/golden/clk/python_cases.json.
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "engine/clk/python_date.h"
#include "engine/clk/python_number.h"
#include "engine/clk/python_pattern.h"
#include "engine/clk/rows.h"
#include "engine/clk/unicode.h"
#include "engine/core/bytes.h"
#include "engine/core/json.h"
#include "engine/core/text_encoding.h"

using namespace tessera;
using namespace tessera::clk;

namespace {

// The cases of one part: each a list of an input or two and what CPython made of it.
const json::Array& cases(const char* part) {
  static const json::Value all = [] {
    std::ifstream in(TESSERA_TEST_DATA "/golden/clk/python_cases.json");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto parsed = json::parse(text, "python_cases.json");
    REQUIRE(parsed);
    return *std::move(parsed);
  }();
  const json::Array& out = *all.find(part)->as_array();
  REQUIRE(out.size() > 100);
  return out;
}
const std::string& text_of(const json::Value& row, std::size_t i) {
  return *(*row.as_array())[i].as_string();
}
// nullopt: Python raised.
std::optional<std::string> wanted(const json::Value& row, std::size_t i) {
  const json::Value& v = (*row.as_array())[i];
  return v.is_null() ? std::nullopt : std::optional(*v.as_string());
}
bool flag_of(const json::Value& row, std::size_t i) { return *(*row.as_array())[i].as_bool(); }
std::string shown(const json::Value& row) { return json::to_canonical(row); }

}  // namespace

TEST_CASE("int()") {
  for (const json::Value& c : cases("int"))
    CHECK_MESSAGE(python_int(text_of(c, 0)) == wanted(c, 1), shown(c));
}

TEST_CASE("float()") {
  for (const json::Value& c : cases("float")) {
    const std::optional<std::string> want = wanted(c, 1);
    const std::optional<double> got = python_float(text_of(c, 0));
    REQUIRE_MESSAGE(got.has_value() == want.has_value(), shown(c));
    if (!want) continue;
    const double x = std::strtod(want->c_str(), nullptr);  // hexadecimal: exact
    CHECK_MESSAGE((std::isnan(x) ? std::isnan(*got) : *got == x), shown(c));
  }
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
  for (const json::Value& c : cases("date")) {
    const auto format = DateFormat::compile(text_of(c, 0));
    const auto got = format ? format->parse(text_of(c, 1), false) : std::nullopt;
    CHECK_MESSAGE(got == wanted(c, 2), shown(c));
  }
  // A long s (U+017F) is an s to the pattern only; an offset is less than a day.
  CHECK_FALSE(DateFormat::compile("%d %b %Y")
                  ->parse("12 \xc5\xbf"
                          "ep 2000",
                          false));
  CHECK_FALSE(DateFormat::compile("%d %B %Y")->parse("1 augu\xc5\xbft 2000", false));
  CHECK_FALSE(DateFormat::compile("%a %d %m %Y")->parse("\xc5\xbfun 2 1 2000", false));
  // So does an i without a dot (U+0131) match an i.
  CHECK_FALSE(DateFormat::compile("%d %B %Y")->parse("1 apr\xc4\xb1l 2000", false));
  CHECK_FALSE(DateFormat::compile("%a %d %m %Y")->parse("fr\xc4\xb1 7 1 2000", false));
  CHECK(DateFormat::compile("%d %b %Y")->parse("12 SEP 2000", false) == std::string("20000912"));
  for (const char* zone : {"+23:59", "-2359", "Z"})
    CHECK(DateFormat::compile("%Y-%m-%d %z")->parse(std::string("2000-01-02 ") + zone, false));
  for (const char* zone : {"+24:00", "-2400", "+99:59"})
    CHECK_FALSE(
        DateFormat::compile("%Y-%m-%d %z")->parse(std::string("2000-01-02 ") + zone, false));
  CHECK(DateFormat::compile("%Y-%m-%d")->parse("0123-01-12", true) == std::string("01230112"));
  for (const char* bad : {"%", "%Q", "%Y%Y", "%Y %"})
    CHECK_FALSE_MESSAGE(DateFormat::compile(bad), bad);
}

TEST_CASE("re.fullmatch()") {
  for (const char* part : {"pattern", "more patterns"})
    for (const json::Value& c : cases(part)) {
      const json::Value& want = (*c.as_array())[2];
      const auto pattern = Pattern::compile(text_of(c, 0));
      REQUIRE_MESSAGE(bool(pattern) == !want.is_null(), shown(c));
      if (pattern) CHECK_MESSAGE(pattern->full_match(text_of(c, 1)) == *want.as_bool(), shown(c));
    }
}

TEST_CASE("what Python takes and PCRE2 has no words for is refused, and said without the pattern") {
  for (const char* python :
       {"(?a:\\w)", "(?u:x)", "\\N{DIGIT ONE}", "\\ud800", "[\\ud800-\\udfff]", "(?P<\u00e9>x)",
        "(?ai)x", "(?a)(?i:x)", "(?i)(x)\\1", "x{65536}", "x{0,1000000}"}) {
    const auto pattern = Pattern::compile(python);
    REQUIRE_FALSE_MESSAGE(pattern, python);
    CHECK(pattern.error().what.find("which is not supported here") != std::string::npos);
    CHECK(pattern.error().what.find('x') == std::string::npos);
  }
}

TEST_CASE("a long text is matched as a short one is") {
  const auto pattern = Pattern::compile("(?:a|b)*c");
  REQUIRE(pattern);
  std::string text(200000, 'a');
  CHECK_FALSE(pattern->full_match(text));
  CHECK(pattern->full_match(text + 'c'));
}

TEST_CASE("encodings carry their byte order mark with every token") {
  for (const json::Value& c : cases("encoded")) {
    const std::string& name = text_of(c, 1);
    const Encoding encoding = name == "ascii"    ? Encoding::ascii
                              : name == "utf-16" ? Encoding::utf16
                              : name == "utf-32" ? Encoding::utf32
                                                 : Encoding::utf8;
    const auto got = encoded(text_of(c, 0), encoding);
    CHECK_MESSAGE((got ? std::optional(to_hex(as_bytes(*got))) : std::nullopt) == wanted(c, 2),
                  shown(c));
  }
}

TEST_CASE("case and validity of text") {
  for (const json::Value& c : cases("letters")) {
    CHECK_MESSAGE(is_upper(text_of(c, 0)) == flag_of(c, 1), shown(c));
    CHECK_MESSAGE(is_lower(text_of(c, 0)) == flag_of(c, 2), shown(c));
  }
  CHECK(valid_utf8("\xE2\x82\xAC"));
  for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\xE2\x82", "\x80"})
    CHECK_FALSE(valid_utf8(bad));
}

TEST_CASE("csv.reader()") {
  for (const json::Value& c : cases("table")) {
    Rows rows(text_of(c, 0), 1);
    std::vector<std::string_view> cells;
    json::Array got;
    while (rows.next(cells)) {
      json::Array row;
      for (const std::string_view cell : cells) row.emplace_back(cell);
      got.emplace_back(std::move(row));
    }
    CHECK_MESSAGE(json::Value(got) == (*c.as_array())[1], shown(c));
  }
}
