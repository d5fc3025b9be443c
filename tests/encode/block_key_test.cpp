#include "engine/encode/block_key.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "engine/schema/key_part.h"
#include "tests/reference/block_keys_plain.h"
#include "tests/reference/people.h"

using namespace tessera;
using encode::BlockKey;
using reference::Person;

namespace {

const schema::Schema& schema_in_use() {
  static const schema::Schema s = *schema::load("default");
  return s;
}

schema::Pass pass_on(const std::vector<std::string>& key, std::uint32_t most = 16) {
  schema::Pass p;
  p.most = most;
  for (const std::string& k : key) p.key.push_back(*schema::parse_key_part(k, schema_in_use()));
  return p;
}

std::vector<std::string> values(const std::vector<std::string>& key, const record::Fields& f,
                                std::uint32_t most = 16) {
  std::vector<std::string> out;
  for (const BlockKey& k : encode::block_keys(schema_in_use(), pass_on(key, most), f))
    out.push_back(k.value);
  return out;
}

const Person kAnna{"1", "ANNA", "", "GARCIA", "2010-07-03", "F", "", ""};

record::Fields fields(const Person& p) { return reference::fields_of(schema_in_use(), p); }

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("one name, one key: its parts with their lengths") {
  CHECK(values({"dob", "phonetic(last)"}, fields(kAnna)) == Texts{"8:201007034:G620"});
  CHECK(values({"phonetic(first)"}, fields(kAnna)) == Texts{"4:A500"});
  CHECK(values({"initial(last)", "year(dob)"}, fields(kAnna)) == Texts{"1:G4:2010"});
  CHECK(values({"month(dob)", "day(dob)"}, fields(kAnna)) == Texts{"3:m073:d03"});
}

TEST_CASE("month and day without order: a swap meets itself") {
  Person swapped = kAnna;
  swapped.dob = "2010-03-07";
  CHECK(values({"month_day(dob)"}, fields(kAnna)) == Texts{"4:0307"});
  CHECK(values({"month_day(dob)"}, fields(swapped)) == Texts{"4:0307"});
  CHECK(values({"month(dob)"}, fields(kAnna)) != values({"day(dob)"}, fields(swapped)));
}

TEST_CASE("an unordered pair of names: a swap meets itself") {
  Person swapped = kAnna;
  std::swap(swapped.first, swapped.last);
  CHECK(values({"phonetic(first&last)"}, fields(kAnna)) == Texts{"9:A500&G620"});
  CHECK(values({"phonetic(first&last)"}, fields(swapped)) ==
        values({"phonetic(first&last)"}, fields(kAnna)));
}

TEST_CASE("any of two names gives a key for each") {
  const auto keys = values({"phonetic(first|last)"}, fields(kAnna));
  CHECK(std::set<std::string>(keys.begin(), keys.end()) ==
        std::set<std::string>{"4:A500", "4:G620"});
}

TEST_CASE("whole names, then parts, then nickname groups, then former names; each code once") {
  record::Fields f = fields(kAnna);
  f.values[0].names[0].groups = {"HANNAH"};
  f.values[2].names = {};
  f.values[2].names.push_back({"GARCIA LOPEZ", {"GARCIA", "LOPEZ"}, {"GARCIA", "LOPEZ"}});
  f.values[2].names.push_back({"SMITH", {"SMITH"}, {"SMITH"}});
  CHECK(values({"phonetic(first)"}, f) == Texts{"4:A500", "4:H500"});
  const auto last = values({"phonetic(last)"}, f);
  REQUIRE(last.size() == 4);
  CHECK(last[1] == "4:G620");
  CHECK(last[2] == "4:L120");
  CHECK(last[3] == "4:S530");
  const auto keys = encode::block_keys(schema_in_use(), pass_on({"phonetic(last)"}), f);
  CHECK(keys[0].shows == encode::NameChoice{0, 0});
  CHECK(keys[3].shows == encode::NameChoice{0, 1});
  CHECK(values({"phonetic(last)"}, f, 2) == Texts{last[0], last[1]});  // the most telling stay
}

TEST_CASE("keys are all combinations, none twice, never above the cap") {
  record::Fields f = fields(kAnna);
  f.values[0].names[0] = {"MARY ANN", {"MARY", "ANN"}, {"MARY", "ANN"}};
  f.values[2].names[0] = {"GARCIA LOPEZ", {"GARCIA", "LOPEZ"}, {"GARCIA", "LOPEZ"}};
  const auto keys = values({"phonetic(first&last)", "year(dob)"}, f);
  CHECK(keys.size() == 9);
  CHECK(std::set<std::string>(keys.begin(), keys.end()).size() == keys.size());
  for (std::uint32_t most = 1; most <= 9; ++most)
    CHECK(values({"phonetic(first&last)", "year(dob)"}, f, most).size() == most);
}

TEST_CASE("what the key needs is missing: no key") {
  for (auto value : {&Person::first, &Person::last, &Person::dob}) {
    Person p = kAnna;
    p.*value = "";
    CHECK(values({"dob", "phonetic(first&last)"}, fields(p)).empty());
  }
  Person year_only = kAnna;
  year_only.dob = "2010";
  CHECK(values({"dob"}, fields(year_only)).empty());
  CHECK(values({"month_day(dob)"}, fields(year_only)).empty());
  CHECK(values({"year(dob)"}, fields(year_only)) == Texts{"4:2010"});
  Person one_name = kAnna;
  one_name.first = "";
  CHECK(values({"phonetic(first|last)"}, fields(one_name)) == Texts{"4:G620"});
}

TEST_CASE("a doubted 1 January serves beside both names only") {
  Person p = kAnna;
  p.dob = "2010-01-01";
  record::Fields f = fields(p);
  f.values[*schema_in_use().field("dob")].date.doubted = true;
  CHECK(values({"dob", "phonetic(last)"}, f).empty());
  CHECK(values({"dob", "phonetic(first&last)"}, f).size() == 1);
  CHECK(values({"phonetic(first|last)", "year(dob)", "month(dob)"}, f).empty());
  CHECK(values({"month_day(dob)"}, f).empty());
  CHECK(values({"year(dob)"}, f) == Texts{"4:2010"});
  for (const char* part : {"month(dob)", "day(dob)", "month_day(dob)"})
    CHECK(values({"phonetic(first&last)", part}, f) ==
          values({"phonetic(first&last)", part}, fields(p)));
}

namespace {

// A roster's worth of odd people: former names, double names, groups, missing values.
record::Fields draw_fields(const schema::Schema& s, Splitmix& random) {
  Person p = reference::draw_person(random, "x");
  if (random.below(3) == 0) p.former = "OKAFOR SMITH";
  for (std::string* value : {&p.first, &p.last, &p.middle, &p.dob})
    if (random.below(12) == 0) value->clear();
  if (random.below(12) == 0) p.dob = "2009";
  record::Fields f = reference::fields_of(s, p);
  const auto given = s.field(schema::Kind::given_name);
  if (random.below(8) == 0) f.values[*s.field(schema::Kind::date)].date.doubted = true;
  for (record::Name& name : f.values[*given].names)
    if (random.below(2) == 0) name.groups = {"HANNAH", "MARY"};
  return f;
}

void check_equal(std::span<const BlockKey> fast, const std::vector<BlockKey>& plain) {
  REQUIRE(fast.size() == plain.size());
  for (std::size_t k = 0; k < plain.size(); ++k) {
    CHECK(fast[k].value == plain[k].value);
    CHECK(fast[k].shows == plain[k].shows);
    CHECK(fast[k].rank == plain[k].rank);
  }
}

}  // namespace

TEST_CASE("the reader gives what the plain reading of each pass gives, record after record") {
  Splitmix random(8);
  for (const char* name : {"default", "high-recall", "high-privacy"})
    for (const std::uint32_t in_all : {0U, 5U, 3U}) {
      schema::Schema s = *schema::load(name);
      if (in_all > 0) s.tags_in_all = in_all;
      encode::KeyReader reader(s);
      for (int i = 0; i < 300; ++i) {
        const record::Fields f = draw_fields(s, random);
        std::vector<std::vector<BlockKey>> plain;
        for (const schema::Pass& pass : s.passes) {
          plain.push_back(reference::block_keys(s, pass, f));
          check_equal(encode::block_keys(s, pass, f), plain.back());
        }
        reference::cap_keys(s, plain);
        reader.read(f);
        std::size_t all = 0;
        for (std::size_t p = 0; p < plain.size(); ++p) {
          check_equal(reader.of(p), plain[p]);
          all += plain[p].size();
        }
        CHECK(all <= s.tags_in_all);
      }
    }
}

TEST_CASE("a key of common names asks for the month too, and no other does") {
  schema::Schema s = schema_in_use();
  s.passes = {pass_on({"phonetic(first&last)", "year(dob)"})};
  s.passes[0].adaptive = {*schema::parse_key_part("month(dob)", s), "month(dob)", 2000};
  const std::size_t first = s.passes[0].key[0].fields[0], last = s.passes[0].key[0].fields[1];
  s.common_names = {
      {500'000, {{first, {{"A500", 40000}}}, {last, {{"G620", 50000}, {"S530", 20000}}}}}};
  auto keys_of = [&](const Person& p) {
    Texts out;
    for (const BlockKey& k : encode::block_keys(s, s.passes[0], reference::fields_of(s, p)))
      out.push_back(k.value);
    return out;
  };
  CHECK(keys_of(kAnna) == Texts{"9:A500&G6204:20103:m07"});  // 2 of 2,000
  Person other = kAnna;
  other.last = "SMITH";
  CHECK(keys_of(other) == Texts{"9:A500&S5304:2010"});  // .8 of 2,000
  std::swap(other.first, other.last);
  CHECK(keys_of(other) == Texts{"9:A500&S5304:2010"});  // swapped names meet as before
  Person swapped = kAnna;
  std::swap(swapped.first, swapped.last);
  CHECK(keys_of(swapped) == keys_of(kAnna));
}

TEST_CASE("adaptive keys are read as the plain reading has them") {
  Splitmix random(11);
  schema::Schema s = *schema::load("default");
  for (schema::Pass& pass : s.passes)
    if (pass.key[0].set && pass.key.size() == 2) {
      pass.adaptive = {*schema::parse_key_part("year(dob)", s), "year(dob)", 300};
      const std::size_t first = pass.key[0].fields[0], last = pass.key[0].fields[1];
      schema::NameGroup& group = s.common_names.emplace_back();
      group = {700'000, {{first, {}}, {last, {}}}};
      for (schema::CodesOfField& names : group.names)
        for (char c = 'A'; c <= 'Z'; c = static_cast<char>(c + 1 + random.below(3)))
          for (const char* rest : {"000", "200", "500", "530", "600", "620"})
            names.codes.push_back(
                {c + std::string(rest), static_cast<std::uint32_t>(1 + random.below(200'000))});
    }
  REQUIRE(!s.common_names.empty());
  encode::KeyReader reader(s);
  std::size_t longer = 0, all = 0;
  for (int i = 0; i < 500; ++i) {
    const record::Fields f = draw_fields(s, random);
    std::vector<std::vector<BlockKey>> plain;
    for (const schema::Pass& pass : s.passes) plain.push_back(reference::block_keys(s, pass, f));
    reference::cap_keys(s, plain);
    reader.read(f);
    for (std::size_t p = 0; p < plain.size(); ++p) {
      check_equal(reader.of(p), plain[p]);
      for (const BlockKey& k : plain[p])
        if (s.passes[p].adaptive) {
          ++all;
          longer += std::ranges::count(k.value, ':') == 3;
        }
    }
  }
  CHECK(longer > all / 20);
  CHECK(longer < all);
}

TEST_CASE("the cap over all passes takes from the longest, and the least telling first") {
  schema::Schema s = schema_in_use();
  s.tags_in_all = 5;
  s.passes = {pass_on({"phonetic(last)"}), pass_on({"phonetic(first)"}),
              pass_on({"phonetic(first&last)"})};
  record::Fields f = fields(kAnna);
  f.values[2].names.push_back({"SMITH", {"SMITH"}, {"SMITH"}});
  f.values[2].names.push_back({"OKAFOR", {"OKAFOR"}, {"OKAFOR"}});
  encode::KeyReader reader(s);
  reader.read(f);  // 3, 1 and 3 keys
  CHECK(reader.of(0).size() == 2);
  CHECK(reader.of(1).size() == 1);
  CHECK(reader.of(2).size() == 2);
  for (std::size_t p = 0; p < 3; ++p) CHECK(reader.of(p).front().rank == 0);
}
