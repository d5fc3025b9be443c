#include "engine/schema/stoppable.h"

#include <doctest/doctest.h>

#include "engine/schema/variants.h"

using namespace tessera;
using schema::Schema;

namespace {

Schema loaded(const std::string& name) {
  auto out = schema::load(name);
  REQUIRE(out);
  return *std::move(out);
}

std::string why_not(const Schema& s, std::string_view field, bool refuse) {
  const auto found = schema::stoppable(s, field, refuse);
  if (found) {
    CHECK(s.fields[*found].name == field);
    return "";
  }
  return found.error().what;
}

// The default schema with the sex in the key of a further pass; whether it is hidden.
Schema keyed_by_sex(bool hidden) {
  Schema s = loaded("default");
  const std::size_t sex = *s.field("sex");
  s.fields[sex].hidden_presence = hidden;
  s.passes[2].key.push_back({schema::Part::exact, {sex}});
  return s;
}

}  // namespace

TEST_CASE("what is in no block key can be taken out, and refused where files show it") {
  const Schema hidden = loaded("default");
  CHECK(why_not(hidden, "middle", false) == "");
  CHECK(why_not(hidden, "sex", false) == "");
  CHECK(why_not(hidden, "sex", true).starts_with("no file shows whether it carries 'sex'"));
  const Schema shown = loaded("high-recall");
  CHECK(why_not(shown, "middle", false) == "");
  CHECK(why_not(shown, "middle", true) == "");
}

TEST_CASE("what every record is found by cannot be stopped at all") {
  for (const char* name : {"default", "high-recall", "high-privacy"})
    for (const char* field : {"first", "last", "dob"})
      for (const bool refuse : {false, true}) {
        CAPTURE(name);
        CAPTURE(field);
        const Schema s = loaded(name);
        // high-privacy has one mandatory pass, on date and surname.
        const bool optional = std::string_view(name) == "high-privacy" && field[0] == 'f';
        const std::string why = why_not(s, field, refuse);
        if (!optional) CHECK(why.find("which every record needs") != std::string::npos);
        if (optional) CHECK((why == "") == refuse);
      }
}

TEST_CASE("a field in the key of a pass that is not mandatory can be refused alone") {
  const Schema shown = keyed_by_sex(false);
  CHECK(why_not(shown, "sex", true) == "");
  CHECK(why_not(shown, "sex", false).find("say --refuse") != std::string::npos);
  const Schema hidden = keyed_by_sex(true);
  CHECK(why_not(hidden, "sex", true) != "");
  CHECK(why_not(hidden, "sex", false) != "");
  CHECK(schema::pass_keyed_by(shown, *shown.field("sex")) == std::size_t{2});
  CHECK(schema::pass_keyed_by(shown, *shown.field("dob")) == std::size_t{0});
  CHECK_FALSE(schema::pass_keyed_by(shown, *shown.field("middle")));
}

TEST_CASE("the SSN can be stopped either way, and an unknown field neither") {
  const Schema s = *schema::with_ssn(loaded("default"));
  CHECK(why_not(s, "ssn", false) == "");
  CHECK(why_not(s, "ssn", true) == "");
  CHECK(why_not(s, "shoe", false) ==
        "the registry's schema has no field 'shoe'; it has first, middle, last, dob, sex, ssn");
  CHECK(schema::stoppable(s, "shoe", false).error().code == ErrorCode::usage);
}
