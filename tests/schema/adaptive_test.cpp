#include "engine/schema/adaptive.h"

#include <string>

#include <doctest/doctest.h>

using namespace tessera;
using schema::Schema;

namespace {

// The default with an adaptive key in place of its passes.
json::Value with(const std::string& adaptive, const std::string& common) {
  json::Value v = schema::to_json(*schema::load("default"));
  json::Value pass = (*v.find("passes")->as_array())[2];
  pass.set("key", json::Array{"phonetic(first&last)", "year(dob)"});
  if (!adaptive.empty()) pass.set("adaptive", *json::parse(adaptive, "test"));
  v.set("passes", json::Array{std::move(pass)});
  if (!common.empty()) v.set("common_names", *json::parse(common, "test"));
  return v;
}

const std::string kMonth = R"j({"add": "month(dob)", "people": 1000})j";
const std::string kCommon = R"([
  {"people": 600000, "names": {"first": {"M600": 20000, "J500": 40000}, "last": {"S530": 30000}}},
  {"people": 400000, "names": {"first": {"J500": 10000}, "last": {"G620": 50000, "J500": 1000}}}])";

std::string fault(const std::string& adaptive, const std::string& common) {
  const auto read = schema::from_json(with(adaptive, common), "x.json");
  return read ? "" : read.error().what;
}

}  // namespace

TEST_CASE("a schema with an adaptive key is read, and written as it was read") {
  const auto s = schema::from_json(with(kMonth, kCommon), "x.json");
  REQUIRE(s);
  REQUIRE(s->passes[0].adaptive);
  CHECK(s->passes[0].adaptive->people == 1000);
  CHECK(schema::key_text(s->passes[0]) ==
        "phonetic(first&last) + year(dob), of common names + month(dob)");
  const auto again = schema::from_json(schema::to_json(*s), "x.json");
  REQUIRE(again);
  CHECK(schema::digest(*again) == schema::digest(*s));
  // The list counts: owners with other lists would make other keys.
  const auto other = schema::from_json(
      with(kMonth, R"([{"people": 600000, "names": {"first": {"M600": 20001}}}])"), "x.json");
  REQUIRE(other);
  CHECK(schema::digest(*other) != schema::digest(*s));
}

TEST_CASE("a pair's share is summed over groups and over both orders") {
  const auto s = schema::from_json(with(kMonth, kCommon), "x.json");
  REQUIRE(s);
  const schema::KeyPart& pair = *schema::pair_of_names(s->passes[0]);
  auto share = [&](const char* a, const char* b) { return schema::share_of_pair(*s, pair, a, b); };
  CHECK(share("J500", "S530") == 40000ULL * 30000 * 6 / 10);
  CHECK(share("S530", "J500") == share("J500", "S530"));
  CHECK(share("J500", "G620") == 10000ULL * 50000 * 4 / 10);
  CHECK(share("J500", "J500") == 10000ULL * 1000 * 4 / 10);  // once, not twice
  CHECK(share("M600", "G620") == 0);  // nobody of the one group has the other's surname
  CHECK(share("A000", "B000") == 0);
  // More than one of a thousand people: 7.2e8 of 1e12 is .72 of them.
  CHECK_FALSE(schema::is_common(*s->passes[0].adaptive, share("J500", "S530")));
  CHECK(schema::is_common({{}, "", 1400}, share("J500", "S530")));
  CHECK(schema::is_common({{}, "", 1000}, 1'000'000'001));
  CHECK_FALSE(schema::is_common({{}, "", 1000}, 1'000'000'000));
}

TEST_CASE("what is wrong with an adaptive key is said") {
  CHECK(fault(kMonth, "").find("tessera schema adapt") != std::string::npos);
  CHECK(fault("", kCommon).find("no pass has an adaptive key") != std::string::npos);
  CHECK(fault(R"j({"add": "month(dob)"})j", kCommon).find("people") != std::string::npos);
  CHECK(fault(R"j({"add": "month(dob)", "people": 0})j", kCommon).find("people") !=
        std::string::npos);
  CHECK(fault(R"j({"add": "initial(last)", "people": 9})j", kCommon).find("date") !=
        std::string::npos);
  CHECK(!fault(R"j({"add": "week(dob)", "people": 9})j", kCommon).empty());
  CHECK(!fault(R"j({"add": "month(dob)", "people": 9, "else": 1})j", kCommon).empty());
  for (const char* common : {"{}", R"([{"names": {}}])", R"([{"people": 1, "names": []}])",
                             R"([{"people": 1000001, "names": {}}])",
                             R"([{"people": 1, "names": {"nobody": {"A000": 1}}}])",
                             R"([{"people": 1, "names": {"first": {"A000": 0}}}])",
                             R"([{"people": 1, "names": {"first": {"A000": 1000001}}}])",
                             R"([{"people": 1, "names": {"first": {"": 1}}}])"})
    CHECK_MESSAGE(!fault(kMonth, common).empty(), common);
  // Without a pair of names nothing says who is common.
  json::Value v = with(kMonth, kCommon);
  json::Value pass = v.find("passes")->as_array()->front();
  pass.set("key", json::Array{"phonetic(last)", "year(dob)"});
  v.set("passes", json::Array{std::move(pass)});
  const auto read = schema::from_json(v, "x.json");
  REQUIRE_FALSE(read);
  CHECK(read.error().what.find("pair of names") != std::string::npos);
}
