#include "matchers/model.h"

#include <filesystem>
#include <fstream>
#include <numeric>

#include <doctest/doctest.h>

#include "engine/link/levels.h"
#include "engine/schema/variants.h"

using namespace tessera;
using matchers::Levels;
using matchers::Model;

namespace {

constexpr std::string_view kText =
    R"j({"tessera_model":1,"name":"t","trained_on":"nothing","relative_share":0.1,
  "automatic":0.999,"review":0.4,"levels":{"surname|phonetic":{"match":{"equal":0.9,"far":0.1},
  "relative":{"equal":0.8,"far":0.2},"stranger":{"equal":0.5,"far":0.5}}}})j";

Result<Model> read(std::string_view text) {
  const auto value = json::parse(text, "m.json");
  REQUIRE(value);
  return matchers::model_from_json(*value, "m.json");
}

Levels marked(double mark, std::size_t levels) {
  Levels l;
  l.match = l.relative = l.stranger = std::vector<double>(levels, 0.1);
  l.match[1] = mark;
  return l;
}

}  // namespace

TEST_CASE("a model is written and read back") {
  const auto m = read(kText);
  REQUIRE(m);
  CHECK(m->name == "t");
  CHECK(m->relative_share == 0.1);
  CHECK(m->automatic == 0.999);
  CHECK(m->review == 0.4);
  const Levels& l = m->levels.at("surname|phonetic");
  CHECK(l.match[0] == 0);
  CHECK(l.match[1] == doctest::Approx(0.9).epsilon(1e-4));
  CHECK(l.match[2] > 0);  // a level never seen stays possible
  const auto again = matchers::model_from_json(matchers::model_to_json(*m), "again");
  REQUIRE(again);
  CHECK(again->name == m->name);
  CHECK(again->trained_on == m->trained_on);
  CHECK(again->automatic == m->automatic);
  REQUIRE(again->levels.size() == 1);
  for (std::size_t i = 0; i < l.match.size(); ++i) {
    CHECK(again->levels.begin()->second.match[i] == doctest::Approx(l.match[i]).epsilon(1e-5));
    CHECK(again->levels.begin()->second.stranger[i] ==
          doctest::Approx(l.stranger[i]).epsilon(1e-5));
  }
}

TEST_CASE("a faulty model is refused with its place") {
  struct Fault {
    std::string_view good, bad, where, what;
  };
  const Fault faults[] = {
      {R"("tessera_model":1)", R"("tessera_model":2)", "m.json", "not a tessera model"},
      {R"("tessera_model":1,)", "", "m.json", "not a tessera model"},
      {R"("relative_share":0.1)", R"("relative_share":1)", "m.json", "between 0 and 1"},
      {R"("relative_share":0.1)", R"("relative_share":"x")", "m.json", "between 0 and 1"},
      {R"("automatic":0.999)", R"("automatic":0)", "m.json", "\"automatic\""},
      {R"("review":0.4)", R"("review":0.9995)", "m.json", "above"},
      {R"("levels")", R"("tables")", "m.json", "\"levels\" is missing"},
      {"surname|phonetic", "salary|phonetic", "m.json: levels.salary|phonetic",
       "expected a name like"},
      {R"("match":{"equal":0.9,"far":0.1},)", "", "m.json: levels.surname|phonetic",
       "\"match\" is missing"},
      {R"("stranger":{"equal":0.5,"far":0.5})", R"("stranger":[])",
       "m.json: levels.surname|phonetic", "missing"},
      {R"({"equal":0.9)", R"({"equals":0.9)", "m.json: levels.surname|phonetic",
       "levels are equal"},
      {R"({"equal":0.9)", R"({"missing":0.9)", "m.json: levels.surname|phonetic",
       "levels are equal"},
      {R"({"equal":0.9)", R"({"equal":1.5)", "m.json: levels.surname|phonetic", "from 0 to 1"},
      {R"({"equal":0.9)", R"({"equal":-0.1)", "m.json: levels.surname|phonetic", "from 0 to 1"},
      {R"({"equal":0.9,"far":0.1})", R"({})", "m.json: levels.surname|phonetic", "above 0"}};
  for (const Fault& f : faults) {
    CAPTURE(f.bad);
    std::string text(kText);
    text.replace(text.find(f.good), f.good.size(), f.bad);
    const auto m = read(text);
    REQUIRE(!m);
    CHECK(m.error().code == ErrorCode::format);
    CHECK(m.error().where == f.where);
    CHECK(m.error().what.find(f.what) != std::string::npos);
  }
}

TEST_CASE("what a block key says of a field") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const auto condition = [&](std::size_t pass, const char* field) {
    return matchers::condition(*s, s->passes[pass], *s->field(field));
  };
  CHECK(condition(0, "last") == "surname|phonetic");
  CHECK(condition(0, "first") == "given_name|open");
  CHECK(condition(0, "dob") == "date|exact");
  CHECK(condition(2, "first") == "given_name|set");
  CHECK(condition(2, "last") == "surname|set");
  CHECK(condition(2, "dob") == "date|month+year");
  CHECK(condition(3, "dob") == "date|month_day");
  CHECK(condition(1, "sex") == "category|open");
  CHECK(matchers::pass_table(*s, s->passes[0], *s->field("last")) ==
        "dob + phonetic(last)/surname");
}

TEST_CASE("a table is sought by pass, condition, the nearest condition, the open one") {
  const auto s = schema::load("default");
  REQUIRE(s);
  const std::size_t last = *s->field("last");
  Model m;
  const auto found = [&](std::size_t pass) {
    const Levels* l = matchers::find_levels(m, *s, s->passes[pass], last);
    return l == nullptr ? -1.0 : l->match[1];
  };
  CHECK(found(0) == -1);
  m.levels["surname|open"] = marked(1, 8);
  CHECK(found(0) == 1);
  CHECK(found(2) == 1);
  m.levels["surname|set"] = marked(2, 8);
  CHECK(found(0) == 2);  // phonetic has none of its own: set is nearest
  CHECK(found(1) == 1);
  m.levels["surname|phonetic"] = marked(3, 8);
  CHECK(found(0) == 3);
  CHECK(found(2) == 2);
  m.levels["dob + phonetic(last)/surname"] = marked(4, 8);
  CHECK(found(0) == 4);
  CHECK(found(2) == 2);
}

TEST_CASE("the shipped model serves every shipped schema, with an SSN or a number or without") {
  const Model& m = matchers::shipped_model();
  CHECK(m.automatic >= 0.9995);
  CHECK(m.review == 0.5);
  for (const schema::Shipped& shipped : schema::shipped()) {
    const auto plain = schema::load(std::string(shipped.name));
    REQUIRE(plain);
    const auto ssn = schema::with_ssn(*plain);
    const auto number = schema::with_number(*plain, 9);
    for (const schema::Schema* s : {&*plain, &*ssn, &*number})
      for (const schema::Pass& pass : s->passes)
        for (std::size_t f = 0; f < s->fields.size(); ++f) {
          CAPTURE(matchers::pass_table(*s, pass, f));
          const Levels* l = matchers::find_levels(m, *s, pass, f);
          REQUIRE(l != nullptr);
          const auto names = link::level_names(s->fields[f].kind);
          for (const auto* p : {&l->match, &l->relative, &l->stranger}) {
            CHECK(p->size() == names.size());
            CHECK((*p)[0] == 0);
            CHECK(std::accumulate(p->begin(), p->end(), 0.0) == doctest::Approx(1));
            for (std::size_t i = 1; i < p->size(); ++i) CHECK((*p)[i] > 0);
          }
        }
  }
}

TEST_CASE("a model is loaded from a file; a missing or broken one is an error") {
  const std::string path =
      (std::filesystem::temp_directory_path() / "tessera-model-test.json").string();
  std::ofstream(path) << kText;
  CHECK(matchers::load_model(path)->name == "t");
  std::ofstream(path) << "{";
  CHECK(matchers::load_model(path).error().code == ErrorCode::format);
  std::filesystem::remove(path);
  CHECK(matchers::load_model(path).error().code == ErrorCode::io);
}
