// JSON as events: the same values as parse() gives, in document order, and strict.
#include "engine/core/json_stream.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/core/json.h"
#include "engine/core/random.h"

using namespace tessera;

namespace {

// Writes down what it is told; stops at the first value equal to `stop_at`.
struct Log final : json::Events {
  std::string said;
  std::string stop_at = "no such text";
  bool say(const std::string& event) {
    said += event + ' ';
    return true;
  }
  bool start_object() override { return say("{"); }
  bool key(std::string_view name) override { return say("key:" + std::string(name)); }
  bool end_object() override { return say("}"); }
  bool start_array() override { return say("["); }
  bool end_array() override { return say("]"); }
  bool text(std::string_view value) override {
    if (value == stop_at) {
      what = "stopped here";
      return false;
    }
    return say("text:" + std::string(value));
  }
  bool number(std::string_view digits) override { return say("number:" + std::string(digits)); }
  bool literal(std::string_view word) override { return say(std::string(word)); }
};

std::string events(const std::string& document) {
  Log log;
  const auto done = json::stream(document, "t.json", log);
  REQUIRE_MESSAGE(done, document);
  return log.said;
}

// What the events of a value are, from the value itself.
std::string expected(const json::Value& v) {
  if (v.is_null()) return "null ";
  if (v.as_bool() != nullptr) return *v.as_bool() ? "true " : "false ";
  if (v.as_int() != nullptr) return "number:" + std::to_string(*v.as_int()) + ' ';
  if (v.as_string() != nullptr) return "text:" + *v.as_string() + ' ';
  std::string out = v.as_array() != nullptr ? "[ " : "{ ";
  if (v.as_array() != nullptr)
    for (const json::Value& member : *v.as_array()) out += expected(member);
  else
    for (const auto& [name, member] : *v.as_object()) out += "key:" + name + ' ' + expected(member);
  return out + (v.as_array() != nullptr ? "] " : "} ");
}

json::Value random_value(Splitmix& random, int depth) {
  switch (random.below(depth > 4 ? 4 : 6)) {
    case 0:
      return {};
    case 1:
      return random.chance(0.5);
    case 2:
      return static_cast<std::int64_t>(random.next());
    case 3:
      return std::string(random.below(9), static_cast<char>('a' + random.below(26))) +
             "\"\n\xC3\xA9";
    case 4: {
      json::Array out;
      for (std::uint64_t i = random.below(4); i > 0; --i)
        out.push_back(random_value(random, depth + 1));
      return out;
    }
    default: {
      json::Value out{json::Object{}};
      for (std::uint64_t i = random.below(4); i > 0; --i)
        out.set("k" + std::to_string(i), random_value(random, depth + 1));
      return out;
    }
  }
}

}  // namespace

TEST_CASE("events come in document order, numbers as written") {
  CHECK(events(R"({"a":[1,-0.50e+3,"x\u00e9"],"b":{},"a":null, "t" : true})") ==
        "{ key:a [ number:1 number:-0.50e+3 text:x\xC3\xA9 ] key:b { } key:a null key:t true } ");
  CHECK(events("[]") == "[ ] ");
  CHECK(events(" 12345678901234567890123 ") == "number:12345678901234567890123 ");
}

TEST_CASE("random documents: the events of the values that parse() reads") {
  Splitmix random(31);
  for (int round = 0; round < 300; ++round) {
    const json::Value v = random_value(random, 0);
    for (const std::string& text : {json::to_text(v), json::to_canonical(v)}) {
      const auto parsed = json::parse(text, "t");
      REQUIRE(parsed);
      CHECK(events(text) == expected(*parsed));
    }
  }
}

TEST_CASE("what is not JSON is refused, with its line") {
  for (const char* bad : {"", "{", "[1,]", "{\"a\" 1}", "[01]", "\"\x01\"", "[1] 2", "nul", "'a'",
                          "[\"\xC0\x80\"]", "{1:2}", "[+1]", "[.5]", "\"\\q\"", "[NaN]"}) {
    Log log;
    const auto done = json::stream(bad, "t.json", log);
    CHECK_FALSE_MESSAGE(done, bad);
  }
  Log log;
  const auto done = json::stream("[\n1,\n x]", "t.json", log);
  REQUIRE_FALSE(done);
  CHECK(done.error().where == "t.json:3");
  CHECK(done.error().what == "not valid JSON");
}

TEST_CASE("a reader that says no stops the reading with its own reason") {
  Log log;
  log.stop_at = "b";
  const auto done = json::stream("[\"a\",\n\"b\",\"c\"]", "t.json", log);
  REQUIRE_FALSE(done);
  CHECK(done.error().what == "stopped here");
  CHECK(done.error().where == "t.json:2");
  CHECK(log.said == "[ text:a ");
}

TEST_CASE("depth does not matter: no stack is used up") {
  constexpr std::size_t kDepth = 1000000;
  Log log;
  CHECK(json::stream(std::string(kDepth, '[') + std::string(kDepth, ']'), "t", log));
  CHECK(log.said.size() == 4 * kDepth);
}
