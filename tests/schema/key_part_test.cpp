#include "engine/schema/key_part.h"

#include <doctest/doctest.h>

using namespace tessera;
using schema::KeyPart;
using schema::Kind;
using schema::Part;

namespace {

schema::Schema fields() {
  schema::Schema s;
  for (const auto& [name, kind] :
       {std::pair{"first", Kind::given_name}, std::pair{"middle", Kind::middle_name},
        std::pair{"last", Kind::surname}, std::pair{"dob", Kind::date},
        std::pair{"sex", Kind::category}, std::pair{"number", Kind::number},
        std::pair{"ssn", Kind::ssn}}) {
    schema::Field f;
    f.name = name;
    f.kind = kind;
    s.fields.push_back(f);
  }
  return s;
}

}  // namespace

TEST_CASE("every ingredient of a block key is read and written the same") {
  const schema::Schema s = fields();
  struct Case {
    std::string_view text;
    Part part;
    std::vector<std::size_t> fields;
    bool any, set;
  };
  const Case cases[] = {{"dob", Part::exact, {3}, false, false},
                        {"number", Part::exact, {5}, false, false},
                        {"ssn", Part::exact, {6}, false, false},
                        {"year(dob)", Part::year, {3}, false, false},
                        {"month(dob)", Part::month, {3}, false, false},
                        {"day(dob)", Part::day, {3}, false, false},
                        {"month_day(dob)", Part::month_day, {3}, false, false},
                        {"phonetic(first)", Part::phonetic, {0}, false, false},
                        {"phonetic(first|last)", Part::phonetic, {0, 2}, true, false},
                        {"phonetic(first&last)", Part::phonetic, {0, 2}, false, true},
                        {"initial(last)", Part::initial, {2}, false, false}};
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto part = schema::parse_key_part(c.text, s);
    REQUIRE(part);
    CHECK(part->part == c.part);
    CHECK(part->fields == c.fields);
    CHECK(part->any == c.any);
    CHECK(part->set == c.set);
    CHECK(schema::key_part_text(*part, s) == c.text);
  }
}

TEST_CASE("what is no ingredient is refused with the reason") {
  const schema::Schema s = fields();
  const std::pair<std::string_view, std::string_view> cases[] = {
      {"", "no field is called"},
      {"nobody", "no field is called"},
      {"year(nobody)", "no field is called"},
      {"phonetic()", "no field is called"},
      {"phonetic(first", "closing parenthesis"},
      {"soundex(first)", "expected year"},
      {"(first)", "expected year"},
      {"first", "cannot be used so"},
      {"sex", "cannot be used so"},
      {"middle", "cannot be used so"},
      {"year(first)", "cannot be used so"},
      {"phonetic(dob)", "cannot be used so"},
      {"phonetic(middle)", "cannot be used so"},
      {"initial(number)", "cannot be used so"},
      {"day(ssn)", "cannot be used so"},
      {"phonetic(first|first)", "stands twice"},
      {"phonetic(first&first)", "stands twice"},
      {"phonetic(first|)", "no field is called"},
      {"phonetic(first|last&dob)", "cannot be mixed"},
      {"dob|ssn", "only phonetic"},
      {"initial(first|last)", "only phonetic"},
      {"phonetic(first&)", "no field is called"}};
  for (const auto& [text, why] : cases) {
    CAPTURE(text);
    const auto part = schema::parse_key_part(text, s);
    REQUIRE(!part);
    CHECK(part.error().what.find(why) != std::string::npos);
    CHECK(part.error().where.empty());
  }
}

TEST_CASE("a set of names is a pair: three would silently be something else") {
  schema::Schema s = fields();
  schema::Field other;
  other.name = "other";
  other.kind = Kind::surname;
  s.fields.push_back(other);
  CHECK(schema::parse_key_part("phonetic(first|last|other)", s));
  const auto three = schema::parse_key_part("phonetic(first&last&other)", s);
  REQUIRE(!three);
  CHECK(three.error().what.find("exactly two") != std::string::npos);
}
