// Cells: missing, checked, and brought to one spelling, rule by rule.
#include "engine/clk/value.h"

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::clk;

namespace {

// What the cell becomes; an error is "error: " and the rule.
std::string read(const Feature& f, std::string_view cell, bool validate = true,
                 bool strict = false) {
  const auto reader = ValueReader::create(f, validate, strict);
  REQUIRE(reader);
  std::string room = "left over";
  const auto value = reader->read(cell, room);
  return value ? std::string(*value) : "error: " + value.error().what;
}
bool refused(const Feature& f, std::string_view cell, bool validate = true) {
  return read(f, cell, validate).starts_with("error: ");
}
Feature named(Format format) {
  Feature f;
  f.identifier = "col";
  f.format = format;
  return f;
}

}  // namespace

TEST_CASE("strings stay as they are, within their rules") {
  Feature f = named(Format::string);
  CHECK(read(f, " \xC3\xA9 ") == " \xC3\xA9 ");
  CHECK(read(f, "") == "");
  f.min_length = 2;
  f.max_length = 3;
  CHECK(refused(f, "\xC3\xA9"));  // one character, two bytes
  CHECK(read(f, "\xC3\xA9\xC3\xA9\xC3\xA9") == "\xC3\xA9\xC3\xA9\xC3\xA9");
  CHECK(refused(f, "abcd"));
  CHECK(read(f, "abcd", false) == "abcd");
  f = named(Format::string);
  f.letters = Case::upper;
  CHECK(read(f, "ABC 1") == "ABC 1");
  CHECK(refused(f, "ABc"));
  f.letters = Case::lower;
  CHECK(refused(f, "ABc"));
  f = named(Format::string);
  f.encoding = Encoding::ascii;
  CHECK(refused(f, "\xC3\xA9"));
  f = named(Format::string);
  f.pattern = "[a-z]+";
  CHECK(read(f, "abc") == "abc");
  CHECK(refused(f, "abc1"));  // the whole cell must match
}

TEST_CASE("whole numbers have one spelling, and limits only where cells are checked") {
  Feature f = named(Format::integer);
  CHECK(read(f, " +0042 ") == "42");
  CHECK(read(f, "-0") == "0");
  CHECK(refused(f, ""));
  CHECK(refused(f, "4.0", false));  // cannot be read: no matter whether it is checked
  f.minimum = "-5";
  f.maximum = "10";
  CHECK(read(f, "-5") == "-5");
  CHECK(read(f, "10") == "10");
  CHECK(refused(f, "-6"));
  CHECK(refused(f, "11"));
  CHECK(read(f, "11", false) == "11");
}

TEST_CASE("dates become eight digits, years padded only when strict") {
  Feature f = named(Format::date);
  f.date_format = "%d.%m.%Y";
  CHECK(read(f, "1.2.1999") == "19990201");
  CHECK(read(f, "1.2.0123") == "1230201");
  CHECK(read(f, "1.2.0123", true, true) == "01230201");
  CHECK(refused(f, "30.2.1999"));
  CHECK(refused(f, "", false));
}

TEST_CASE("values of a list") {
  Feature f = named(Format::enumeration);
  f.values = {"a", ""};
  CHECK(read(f, "a") == "a");
  CHECK(read(f, "") == "");
  CHECK(refused(f, "A"));
  CHECK(read(f, "A", false) == "A");
}

TEST_CASE("a missing value is replaced before any rule looks at it") {
  Feature f = named(Format::integer);
  f.sentinel = "none";
  f.replacement = "not a number either";
  CHECK(read(f, "none") == "not a number either");
  CHECK(refused(f, "None"));
}

TEST_CASE("errors name the column and never the cell") {
  Feature f = named(Format::date);
  f.date_format = "%Y";
  const std::string got = read(f, "Lovelace");
  CHECK(got.find("'col'") != std::string::npos);
  CHECK(got.find("Lovelace") == std::string::npos);
}
