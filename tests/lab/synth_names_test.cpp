// The name tables: how they are read, and that draws follow their counts.
#include "engine/lab/synth_names.h"

#include <cmath>
#include <map>

#include "tests/lab/scratch.h"
#include "tests/lab/small_people.h"

using namespace tessera;
using namespace tessera::lab;

namespace {

// A set of tables of one name each, all of them sound.
void write_sound(const Scratch& s) {
  s.write("given_names.csv", "births_from,sex,name,count\n2000,F,Anna,5\n2000,M,Bob,5\n");
  s.write("given_names_by_ethnicity.csv", "name,sex,ethnicity,count\nMaria,F,hispanic,9\n");
  s.write("surnames.csv",
          "name,count,white,black,hispanic,asian,native,two_or_more\n"
          "Obrien,10,900,20,20,20,20,20\n");
  s.write("nicknames.csv", "name,nickname\nAnna,Annie\nAnna,Nan\n");
  s.write("similar.csv", "sex,name,similar\nF,Anna,Anne\n");
  s.write("variants.csv", "kind,name,variant\ngiven,Anna,Ana\nsurname,Obrien,Obryan\n");
  s.write("spellings.csv", "kind,plain,spelled\nsurname,Obrien,O'Brien\n");
  s.write("phonetic.csv", "where,from,to\nall,h,\nend,y,ie\n");
  s.write("ocr.csv", "from,to\ng,9\n");
  s.write("keyboard.csv", "key,neighbours\nq,was\n");
}

}  // namespace

TEST_CASE("a weighted list leaves out what weighs nothing and draws by weight") {
  WeightedList list;
  CHECK(list.empty());
  list.add(7, 0);
  CHECK(list.empty());
  list.add(1, 10);
  list.add(2, 60);
  list.add(9, 30);
  CHECK(list.size() == 3);
  CHECK(list.share(0) == doctest::Approx(0.1));
  CHECK(list.share(1) == doctest::Approx(0.6));
  CHECK(list.share(2) == doctest::Approx(0.3));
  std::map<std::uint32_t, double> drawn;
  Splitmix random(4);
  for (int i = 0; i < 20000; ++i) drawn[list.draw(random)] += 1.0 / 20000;
  CHECK(drawn.size() == 3);
  CHECK(std::abs(drawn[1] - 0.1) < 0.02);
  CHECK(std::abs(drawn[2] - 0.6) < 0.02);
  CHECK(std::abs(drawn[9] - 0.3) < 0.02);
}

TEST_CASE("birth years draw from the last list that began before them") {
  const NameTables& t = small_tables();
  CHECK(t.period_of(1950) == t.period_of(2000));
  CHECK(t.period_of(2009) == t.period_of(2000));
  CHECK(t.period_of(2010) != t.period_of(2009));
  CHECK(t.period_of(2010) == t.period_of(2026));
  const WeightedList& before = t.given_list(2009, 'F', Ethnicity::white, false);
  const WeightedList& after = t.given_list(2010, 'F', Ethnicity::white, false);
  REQUIRE(before.size() == 3);
  CHECK(t.name(before.item(0)).plain == "Anna");
  CHECK(before.share(0) == doctest::Approx(0.5));
  REQUIRE(after.size() == 2);
  CHECK(t.name(after.item(0)).plain == "Dora");
}

TEST_CASE("an ethnicity without names of its own draws by birth year") {
  const NameTables& t = small_tables();
  const WeightedList& maria = t.given_list(2010, 'F', Ethnicity::hispanic, true);
  REQUIRE(maria.size() == 1);
  CHECK(t.name(maria.item(0)).plain == "Maria");
  CHECK(&t.given_list(2010, 'F', Ethnicity::asian, true) ==
        &t.given_list(2010, 'F', Ethnicity::asian, false));
}

TEST_CASE("a surname weighs by its count and its share of the ethnicity") {
  const NameTables& t = small_tables();
  const WeightedList& list = t.surname_list(Ethnicity::hispanic);
  std::map<std::string, double> share;
  for (std::size_t i = 0; i < list.size(); ++i) share[t.name(list.item(i)).plain] = list.share(i);
  CHECK(share["Garcia"] == doctest::Approx(1.5 * share["Lopez"]).epsilon(0.01));
  CHECK(share["Garcia"] > 10 * share["Smith"]);
}

TEST_CASE("other forms of names are found by name, sex and kind") {
  const Scratch scratch;
  write_sound(scratch);
  const auto t = NameTables::load(scratch.path);
  REQUIRE(t.has_value());
  REQUIRE(t->nicknames("Anna") != nullptr);
  CHECK(*t->nicknames("Anna") == std::vector<std::string>{"Annie", "Nan"});
  CHECK(t->nicknames("Bob") == nullptr);
  REQUIRE(t->similar('F', "Anna") != nullptr);
  CHECK(t->similar('M', "Anna") == nullptr);
  REQUIRE(t->given_variants("Anna") != nullptr);
  CHECK(t->surname_variants("Anna") == nullptr);
  REQUIRE(t->surname_variants("Obrien") != nullptr);
  Splitmix random(1);
  CHECK(t->surname(Ethnicity::white, random).spelled == "O'Brien");
  CHECK(t->given(2004, 'M', Ethnicity::white, false, random).spelled.empty());
  REQUIRE(t->phonetic().size() == 2);
  CHECK(t->phonetic()[0].where == Where::all);
  CHECK(t->phonetic()[1].where == Where::end);
  CHECK(t->ocr().size() == 1);
  CHECK(t->neighbours('q') == "was");
  CHECK(t->neighbours('z').empty());
  CHECK(t->neighbours('Q').empty());
  CHECK(t->neighbours('\'').empty());
}

TEST_CASE("a cell that is not what its column says is named by table and line") {
  const std::pair<const char*, const char*> broken[] = {
      {"given_names.csv", "births_from,sex,name,count\n2000,F,Anna,5\n2000,X,Bob,5\n"},
      {"given_names.csv", "births_from,sex,name,count\n2000,F,Anna,5\n2000,M,Bob,5x\n"},
      {"given_names_by_ethnicity.csv", "name,sex,ethnicity,count\nM,F,hispanic,9\nJ,M,martian,9\n"},
      {"spellings.csv", "kind,plain,spelled\nsurname,Obrien,O'Brien\ntown,Obrien,O'Brien\n"}};
  for (const auto& [file, text] : broken) {
    const Scratch scratch;
    write_sound(scratch);
    scratch.write(file, text);
    const auto t = NameTables::load(scratch.path);
    REQUIRE_FALSE(t.has_value());
    CHECK(t.error().code == ErrorCode::format);
    CHECK(t.error().where == std::string(file) + ":3");
  }
  const Scratch scratch;
  write_sound(scratch);
  std::filesystem::remove(scratch / "ocr.csv");
  CHECK_FALSE(NameTables::load(scratch.path).has_value());
}
