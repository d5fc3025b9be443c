// JSON: strict in, canonical out, and the same value after any way round.
#include "engine/core/json.h"

#include <cmath>
#include <limits>
#include <string>

#include <doctest/doctest.h>

using namespace tessera;

namespace {

json::Value parsed(std::string_view text) {
  auto value = json::parse(text, "t.json");
  if (!value) FAIL(std::string(text) << ": " << value.error().what);
  return *std::move(value);
}
Error refused(std::string_view text) {
  const auto value = json::parse(text, "t.json");
  if (value) FAIL("let in: " << std::string(text));
  return value.error();
}
std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

}  // namespace

TEST_CASE("values of every kind") {
  const json::Value v = parsed(
      R"( {"n":null,"t":true,"f":false,"i":-7,"r":2.5,"s":"a\u00e9\n\u00e9","a":[1,[ ]],"o":{}} )");
  CHECK(v.find("n")->is_null());
  CHECK(*v.find("t")->as_bool());
  CHECK(!*v.find("f")->as_bool());
  CHECK(*v.find("i")->as_int() == -7);
  CHECK(v.find("r")->as_int() == nullptr);
  double real = 0;
  CHECK(v.find("r")->number(real));
  CHECK(real == 2.5);
  CHECK(v.find("i")->number(real));
  CHECK(real == -7);
  CHECK(!v.find("s")->number(real));
  CHECK(*v.find("s")->as_string() == "a\xC3\xA9\n\xC3\xA9");
  CHECK(v.find("a")->as_array()->size() == 2);
  CHECK(v.find("o")->as_object()->empty());
  CHECK(v.find("missing") == nullptr);
  CHECK(v.find("a")->find("x") == nullptr);
}

TEST_CASE("members keep their order; set() replaces or adds") {
  json::Value v;
  v.set("b", 1);
  v.set("a", 2);
  v.set("b", 3);
  CHECK(json::to_text(v) == "{\n  \"b\": 3,\n  \"a\": 2\n}\n");
  CHECK(json::to_canonical(v) == "{\"a\":2,\"b\":3}");
}

TEST_CASE("canonical: one line, sorted by bytes at every depth, shortest reals") {
  CHECK(
      json::to_canonical(parsed("{ \"b\" : [ 1.50, {\"z\":0,\"Z\":0} ], \"a\":\"\\u0041\\/\" }")) ==
      "{\"a\":\"A/\",\"b\":[1.5,{\"Z\":0,\"z\":0}]}");
  CHECK(json::to_canonical(parsed("[0.1,1e300,1e-7,100000.0,-0.5]")) ==
        "[0.1,1e+300,1e-07,100000.0,-0.5]");
  CHECK(json::to_canonical(parsed("[\"\\u0001\\t\\\"\\\\\"]")) == "[\"\\u0001\\t\\\"\\\\\"]");
  CHECK(json::to_canonical(json::Object{{"\xC3\xA9", 1}, {"z", 2}}) == "{\"z\":2,\"\xC3\xA9\":1}");
  CHECK(json::to_canonical(json::Value(std::nan(""))) == "null");
}

TEST_CASE("a real stays a real and an integer an integer, whatever the way round") {
  for (const json::Value& v :
       {json::Value(1.0), json::Value(-0.0), json::Value(1e15), json::Value(1e22), json::Value(1),
        json::Value(std::numeric_limits<std::int64_t>::min()), json::Value(0.1 + 0.2),
        json::Value(5e-324), json::Value("1.0")}) {
    CHECK(parsed(json::to_canonical(v)) == v);
    CHECK(parsed(json::to_text(v)) == v);
  }
}

TEST_CASE("integers: 64 bits, beyond them reals") {
  CHECK(*parsed("9223372036854775807").as_int() == std::numeric_limits<std::int64_t>::max());
  CHECK(*parsed("-9223372036854775808").as_int() == std::numeric_limits<std::int64_t>::min());
  for (const char* beyond : {"9223372036854775808", "18446744073709551615", "18446744073709551616",
                             "-9223372036854775809"}) {
    double real = 0;
    CHECK(parsed(beyond).as_int() == nullptr);
    CHECK(parsed(beyond).number(real));
    CHECK(std::abs(real) > 9.2e18);
  }
  double real = 0;
  CHECK(json::Value(std::numeric_limits<std::uint64_t>::max()).number(real));
  CHECK(real > 1.8e19);
}

TEST_CASE("what RFC 8259 does not allow is refused") {
  for (const char* bad : {"",
                          " ",
                          "{",
                          "}",
                          "[1,]",
                          "{\"a\":1,}",
                          "{a:1}",
                          "'a'",
                          "01",
                          "+1",
                          ".5",
                          "1.",
                          "0x1",
                          "NaN",
                          "Infinity",
                          "nul",
                          "true false",
                          "[1] x",
                          "\"\n\"",
                          "\"\\x\"",
                          "\"\\ud800\"",
                          "\"\\ud800\\u0041\"",
                          "/* */ 1",
                          "1e999",
                          "\xEF\xBB\xBF{}",
                          "\"\xC3\"",
                          "\"\xFF\"",
                          "\"\xC0\xAF\"",
                          "\"\xED\xA0\x80\"",
                          "{\"a\" 1}",
                          "[1 2]"})
    CHECK(refused(bad).code == ErrorCode::format);
  using namespace std::string_view_literals;
  CHECK(refused("{}\0{}"sv).what.find("zero byte") != std::string::npos);
  CHECK(refused("\"a\0b\""sv).code == ErrorCode::format);
}

TEST_CASE("a name twice in one object is refused, however many there are") {
  CHECK(refused("{\"a\":1,\"b\":2,\"a\":3}").what.find("twice") != std::string::npos);
  CHECK(refused("{\"a\":1,\"\\u0061\":3}").what.find("twice") != std::string::npos);
  parsed("{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}");
  std::string many = "{";
  for (int i = 0; i < 200000; ++i) many += "\"" + std::to_string(i) + "\":0,";
  CHECK(parsed(many + "\"x\":0}").as_object()->size() == 200001);
  CHECK(refused(many + "\"77\":0}").what.find("twice") != std::string::npos);
}

TEST_CASE("nesting is bounded") {
  parsed(nested(64));
  CHECK(refused(nested(65)).what.find("deep") != std::string::npos);
  CHECK(refused(std::string(1000000, '[')).what.find("deep") != std::string::npos);
}

TEST_CASE("an error names the line and never the text") {
  const Error e = refused("{\n \"name\": \"Zebulon\",\n \"x\": Zebulon\n}");
  CHECK(e.where == "t.json:3");
  CHECK(e.what.find("Zebulon") == std::string::npos);
  CHECK(refused("{\"Zebulon\":1,\"Zebulon\":2}").what.find("Zebulon") == std::string::npos);
}

TEST_CASE("text for people reads back as the same value") {
  const json::Value v = parsed(R"({"a":[1,2,3],"b":[{"c":[]},{}],"d":{"e":[[1],[2]]},"f":""})");
  CHECK(parsed(json::to_text(v)) == v);
  CHECK(parsed(json::to_canonical(v)) == v);
  CHECK(json::to_text(parsed("{\"a\":[1,2]}")) == "{\n  \"a\": [1, 2]\n}\n");
}
