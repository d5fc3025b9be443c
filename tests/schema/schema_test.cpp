#include "engine/schema/schema.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include <doctest/doctest.h>

#include "engine/core/file.h"

using namespace tessera;
using schema::Schema;

namespace {

// One fault is put into it at a time.
constexpr std::string_view kText = R"json({"tessera_schema":1,"name":"t","epoch":"2025-2029",
  "fields":[{"name":"first","kind":"given_name"},{"name":"last","kind":"surname"},
  {"name":"dob","kind":"date","formats":["%Y-%m-%d"]},
  {"name":"sex","kind":"category","values":{"F":["f"],"M":["m"]}}],
  "passes":[{"name":"one","key":["dob","phonetic(last)"],"mandatory":true,"least":1,"most":2},
  {"name":"two","key":["phonetic(first&last)","year(dob)"],"compare":["first","dob"]}]})json";

Result<Schema> read(std::string_view text) {
  const auto value = json::parse(text, "t.json");
  REQUIRE(value);
  return schema::from_json(*value, "t.json");
}

struct Fault {
  std::string_view good, bad, where, what;
};

}  // namespace

TEST_CASE("what a schema says is read") {
  const auto s = read(kText);
  REQUIRE(s);
  CHECK(s->name == "t");
  CHECK(s->fields.size() == 4);
  CHECK(s->fields[3].values[1].value == "M");
  CHECK(s->passes[0].mandatory);
  CHECK(s->passes[0].text == "dob + phonetic(last)");
  CHECK(s->passes[0].compare == std::vector<std::size_t>{0, 1, 2, 3});
  CHECK(s->passes[1].compare == std::vector<std::size_t>{0, 2});
  CHECK(s->passes[1].least == 1);
  CHECK(s->passes[1].most == 4);
  CHECK(s->field("dob") == 2U);
  CHECK(s->field(schema::Kind::surname) == 1U);
  CHECK(!s->field("nobody"));
  CHECK(!s->field(schema::Kind::ssn));
}

TEST_CASE("every fault of a schema is refused with its place") {
  const Fault faults[] = {
      {R"j("tessera_schema":1)j", R"j("tessera_schema":2)j", "t.json", "\"tessera_schema\""},
      {R"j("tessera_schema":1,)j", "", "t.json", "not a tessera linkage schema"},
      {R"j("name":"t")j", R"j("name":7)j", "t.json", "expected a text"},
      {R"j("name":"t",)j", "", "t.json", "\"name\": is missing"},
      {R"j("epoch":"2025-2029")j", R"j("epoch":"")j", "t.json", "\"epoch\""},
      {R"j("epoch")j", R"j("ssn":1,"epoch")j", "t.json", "expected true or false"},
      {R"j("epoch")j", R"j("tags_in_all":0,"epoch")j", "t.json", "from 1 to 64"},
      {R"j("epoch")j", R"j("normalisation":2,"epoch")j", "t.json", "from 1 to 1"},
      {R"j("epoch")j", R"j("colour":"red","epoch")j", "t.json",
       "\"colour\" is no member known here"},
      {R"j("epoch")j", R"j("ssn":true,"epoch")j", "t.json", "no field is of kind ssn"},
      {R"j("fields")j", R"j("felds")j", "t.json", "\"fields\": is missing"},
      {R"j("kind":"surname")j", R"j("kind":"salary")j", "t.json: fields[1]", "expected one of"},
      {R"j("kind":"surname")j", R"j("kind":"ssn")j", "t.json: passes[0].key[1]",
       "cannot be used so"},
      {R"j("name":"last")j", R"j("name":"Last")j", "t.json: fields[1]", "expected a-z"},
      {R"j("name":"last")j", R"j("name":"first")j", "t.json: fields[1]", "repeats"},
      {R"j(,"formats":["%Y-%m-%d"])j", "", "t.json: fields[2]", "\"formats\": is missing"},
      {R"j(["%Y-%m-%d"])j", "[]", "t.json: fields[2]", "at least one"},
      {R"j(["%Y-%m-%d"])j", R"j(["%Y-%q-%d"])j", "t.json: fields[2]", "no format of a date"},
      {R"j(["%Y-%m-%d"])j", R"j(["%m/%d/%y","%d/%m/%y"])j", "t.json: fields[2]", "told apart"},
      {R"j(["%Y-%m-%d"])j", R"j([4])j", "t.json: fields[2]", "list of texts"},
      {R"j(,"values":{"F":["f"],"M":["m"]})j", "", "t.json: fields[3]", "\"values\""},
      {R"j({"F":["f"],"M":["m"]})j", "{}", "t.json: fields[3]", "\"values\""},
      {R"j("F":["f"])j", R"j("F":"f")j", "t.json: fields[3]", "lists of spellings"},
      {R"j("F":["f"])j", R"j("F":[1])j", "t.json: fields[3]", "lists of spellings"},
      {R"j("kind":"surname")j", R"j("kind":"number")j", "t.json: fields[1]", "count of digits"},
      {R"j("kind":"surname")j", R"j("kind":"number","length":3)j", "t.json: fields[1]",
       "from 4 to 32"},
      {R"j("kind":"surname")j", R"j("kind":"surname","luhn":1)j", "t.json: fields[1]",
       "true or false"},
      {R"j("kind":"surname")j", R"j("kind":"surname","presence":"secret")j", "t.json: fields[1]",
       "\"clear\" or \"hidden\""},
      {R"j("name":"two")j", R"j("name":"one")j", "t.json: passes[1]", "repeats"},
      {R"j("name":"two")j", R"j("name":"2nd")j", "t.json: passes[1]", "expected a-z"},
      {R"j("least":1,"most":2)j", R"j("least":3,"most":2)j", "t.json: passes[0]",
       "more than \"most\""},
      {R"j("most":2)j", R"j("most":17)j", "t.json: passes[0]", "from 1 to 16"},
      {R"j(["dob","phonetic(last)"])j", "[]", "t.json: passes[0]", "needs a block key"},
      {R"j("phonetic(last)")j", R"j("phonetic(lost)")j", "t.json: passes[0].key[1]",
       "no field is called 'lost'"},
      {R"j(["first","dob"])j", R"j(["first","sun"])j", "t.json: passes[1]",
       "no field is called 'sun'"},
      {R"j(["dob","phonetic(last)"])j", R"j(["dob"])j", "t.json", "pass one: its key alone"},
      {R"j(["dob","phonetic(last)"])j", R"j(["phonetic(last)"])j", "t.json",
       "pass one: its key alone"},
      {R"j("epoch")j", R"j("encoding":{"name_bits":100},"epoch")j", "t.json: encoding",
       "powers of two"},
      {R"j("epoch")j", R"j("encoding":{"name_weight":193},"epoch")j", "t.json: encoding",
       "three quarters"},
      {R"j("epoch")j", R"j("encoding":{"name_bits":32},"epoch")j", "t.json: encoding",
       "from 64 to 4096"},
      {R"j("epoch")j", R"j("encoding":{"bits":256},"epoch")j", "t.json: encoding",
       "no member known"},
      {R"j("epoch")j", R"j("encoding":7,"epoch")j", "t.json: encoding", "expected an object"},
  };
  for (const Fault& f : faults) {
    CAPTURE(f.bad);
    std::string text(kText);
    const auto at = text.find(f.good);
    REQUIRE(at != std::string::npos);
    text.replace(at, f.good.size(), f.bad);
    const auto s = read(text);
    REQUIRE(!s);
    CHECK(s.error().code == ErrorCode::format);
    CHECK(s.error().where == f.where);
    CHECK(s.error().what.find(f.what) != std::string::npos);
  }
}

TEST_CASE("a schema that is no object is refused") {
  for (const char* text :
       {"[]", "1", "null", "{}",
        R"j({"tessera_schema":1,"name":"x","epoch":"e","fields":[],"passes":[]})j"})
    CHECK(!read(text));
}

TEST_CASE("more than sixteen passes, twelve fields or sixteen presence bits are refused") {
  std::string passes;
  for (int i = 0; i < 17; ++i)
    passes += (i > 0 ? "," : "") + std::string(R"j({"name":"p)j") + std::to_string(i) +
              R"j(","key":["dob","phonetic(last)"]})j";
  const std::string head =
      R"j({"tessera_schema":1,"name":"t","epoch":"e","fields":[{"name":"last","kind":"surname"},)j"
      R"j({"name":"dob","kind":"date","formats":["%Y"]}],"passes":[)j";
  CHECK(read(head + passes + "]}").error().what.find("1 to 16 passes") != std::string::npos);

  auto dates = [](int n) {
    std::string fields =
        R"j({"tessera_schema":1,"name":"t","epoch":"e","fields":[{"name":"last","kind":"surname"})j";
    for (int i = 0; i < n; ++i)
      fields += R"j(,{"name":"d)j" + std::to_string(i) + R"j(","kind":"date","formats":["%Y"]})j";
    return fields + R"j(],"passes":[{"name":"p","key":["d0","phonetic(last)"]}]})j";
  };
  CHECK(read(dates(7)));  // 1 + 2 * 7 presence bits
  CHECK(read(dates(8)).error().what.find("16 presence bits") != std::string::npos);
  CHECK(read(dates(12)).error().what.find("1 to 12 fields") != std::string::npos);
}

TEST_CASE("a trusted unit may use loose keys") {
  std::string text(kText);
  text.replace(text.find(R"j(["dob","phonetic(last)"])j"), 24, R"j(["dob"])j");
  text.replace(text.find(R"j("epoch")j"), 7, R"j("trusted_unit":true,"epoch")j");
  CHECK(read(text));
}

TEST_CASE("a schema's digest depends on what it says, not on how it is written") {
  const auto s = read(kText);
  REQUIRE(s);
  const auto again = schema::from_json(schema::to_json(*s), "again");
  REQUIRE(again);
  CHECK(json::to_canonical(schema::to_json(*again)) == json::to_canonical(schema::to_json(*s)));
  CHECK(schema::digest(*again) == schema::digest(*s));

  // Defaults written out, members in another order, other blanks: the same schema.
  std::string text(kText);
  text.replace(text.find(R"j("name":"t",)j"), 11, "");
  text.replace(text.rfind('}'), 1, R"j(,  "ssn" : false, "tags_in_all": 12,
    "encoding":{"name_weight":96}, "name":"t"})j");
  const auto same = read(text);
  REQUIRE(same);
  CHECK(schema::digest(*same) == schema::digest(*s));
}

TEST_CASE("every change of meaning changes the digest") {
  const auto s = read(kText);
  REQUIRE(s);
  const std::pair<std::string_view, std::string_view> changes[] = {
      {"2025-2029", "2030-2034"},
      {R"j("name":"t")j", R"j("name":"u")j"},
      {R"j("F":["f"])j", R"j("F":["f","w"])j"},
      {R"j("most":2)j", R"j("most":3)j"},
      {R"j("mandatory":true,)j", ""},
      {R"j(["first","dob"])j", R"j(["first"])j"},
      {R"j("year(dob)")j", R"j("month_day(dob)")j"},
      {R"j("epoch")j", R"j("encoding":{"name_weight":88},"epoch")j"},
      {R"j("epoch")j", R"j("tags_in_all":8,"epoch")j"},
      {"%Y-%m-%d", "%d-%m-%Y"}};
  for (const auto& [from, to] : changes) {
    CAPTURE(to);
    std::string text(kText);
    text.replace(text.find(from), from.size(), to);
    const auto other = read(text);
    REQUIRE(other);
    CHECK(schema::digest(*other) != schema::digest(*s));
  }
}

TEST_CASE("the shipped schemas load by name, and round") {
  CHECK(schema::shipped().size() == 3);
  for (const schema::Shipped& shipped : schema::shipped()) {
    CAPTURE(shipped.name);
    const auto s = schema::load(std::string(shipped.name));
    REQUIRE(s);
    CHECK(s->name == shipped.name);
    CHECK(!s->ssn);
    CHECK(s->trusted_unit == (shipped.name == "high-recall"));
    CHECK(std::ranges::any_of(s->passes, &schema::Pass::mandatory));
    const auto again = schema::from_json(schema::to_json(*s), "again");
    REQUIRE(again);
    CHECK(schema::digest(*again) == schema::digest(*s));
    const auto file =
        read_file(std::string(TESSERA_DATA) + "/schemas/" + std::string(shipped.name) + ".json");
    REQUIRE(file);
    CHECK(*file == shipped.text);
  }
}

TEST_CASE("a file goes before a shipped name; an unknown name says what ships") {
  const auto folder = std::filesystem::temp_directory_path();
  const std::string path = (folder / "tessera-schema-test.json").string();
  std::ofstream(path) << kText;
  const auto s = schema::load(path);
  std::filesystem::remove(path);
  REQUIRE(s);
  CHECK(s->name == "t");
  const auto none = schema::load("no-such-schema");
  REQUIRE(!none);
  CHECK(none.error().code == ErrorCode::io);
  CHECK(none.error().where == "no-such-schema");
  CHECK(none.error().what.find("high-privacy") != std::string::npos);
}

TEST_CASE("kinds keep their names") {
  CHECK(schema::name_of(schema::Kind::given_name) == "given_name");
  CHECK(schema::name_of(schema::Kind::ssn) == "ssn");
}

TEST_CASE("hidden presence is part of the digest; said or left out, clear is the same") {
  std::string said(kText), hidden(kText);
  const std::string_view surname = R"j("kind":"surname")j";
  said.replace(said.find(surname), surname.size(), R"j("kind":"surname","presence":"clear")j");
  hidden.replace(hidden.find(surname), surname.size(), R"j("kind":"surname","presence":"hidden")j");
  const auto plain = read(kText), clear = read(said), veiled = read(hidden);
  REQUIRE(clear);
  REQUIRE(veiled);
  CHECK(schema::digest(*clear) == schema::digest(*plain));
  CHECK(schema::digest(*veiled) != schema::digest(*plain));
  CHECK(veiled->fields[1].hidden_presence);
  const auto back = schema::from_json(schema::to_json(*veiled), "again");
  REQUIRE(back);
  CHECK(schema::digest(*back) == schema::digest(*veiled));
}
