#include "engine/lab/adapt.h"

#include <map>
#include <set>

#include "engine/encode/block_key.h"
#include "engine/lab/pass_blocks.h"
#include "engine/record/name.h"
#include "engine/schema/adaptive.h"
#include "tests/lab/small_people.h"

namespace tessera::lab {
namespace {

schema::Schema adapted(std::uint64_t people, double expected = 1) {
  schema::Schema s = with_keys({{"phonetic(first&last)", "year(dob)"}});
  AdaptOptions o;
  o.pass = "pass0";
  o.people = people;
  o.expected = expected;
  auto made = adapt(s, o, small_people());
  REQUIRE(made.has_value());
  return *std::move(made);
}

// Of many drawn people's names, how many are in one birth year's block: the plain count.
std::map<std::string, double> counted(int n) {
  Splitmix random(3, 1);
  schema::Schema s = with_keys({{"phonetic(first&last)"}});
  std::map<std::string, double> out;
  for (int i = 0; i < n; ++i) {
    const PublicPerson p = small_people().draw(random);
    record::Fields f;
    f.values.resize(s.fields.size());
    char initial = 0;
    auto text = [&](const NameItems& items) {
      std::string t = small_tables().name(items[0]).plain;
      if (items[1] != kNoName) t += " " + small_tables().name(items[1]).plain;
      return t;
    };
    record::read_given_name(text(p.given), f.values[*s.field(schema::Kind::given_name)].names,
                            initial);
    record::read_surname(text(p.surname), f.values[*s.field(schema::Kind::surname)].names);
    for (const encode::BlockKey& k : encode::block_keys(s, s.passes[0], f)) out[k.value] += 1.0 / n;
  }
  return out;
}

}  // namespace

TEST_CASE("names are common where the people drawn from the tables say so") {
  const schema::Schema s = adapted(600);
  REQUIRE(s.passes[0].adaptive);
  CHECK(s.passes[0].adaptive->people == doctest::Approx(600.0 / kYears).epsilon(0.01));
  const schema::KeyPart& pair = *schema::pair_of_names(s.passes[0]);
  int sure = 0;
  for (const auto& [key, share] : counted(40000)) {
    const std::string a = key.substr(key.find(':') + 1, 4), b = key.substr(key.find('&') + 1, 4);
    const double expected = share * 600 / kYears;
    const bool common =
        schema::is_common(*s.passes[0].adaptive, schema::share_of_pair(s, pair, a, b));
    if (expected > 1.5) CHECK_MESSAGE(common, key);
    if (expected < 0.6) CHECK_MESSAGE(!common, key);
    sure += expected > 1.5;
  }
  CHECK(sure > 3);
}

TEST_CASE("the more people, or the fewer expected, the more names are common") {
  auto blocks = [](const schema::Schema& s) {
    NameCodesOfSchema codes(s, small_people(), 1);
    const auto made = PassBlocks::make(s.passes[0], codes);
    REQUIRE(made.has_value());
    Silent silent;
    return made->sizes(silent).blocks();
  };
  const double none = blocks(with_keys({{"phonetic(first&last)", "year(dob)"}}));
  const double some = blocks(adapted(600));
  const double more = blocks(adapted(60000));
  CHECK(none < some);
  CHECK(some < more);
  CHECK(blocks(adapted(600, 0.01)) == more);
}

TEST_CASE("a second adaptive pass leaves the first its common names") {
  schema::Schema s = with_keys(
      {{"phonetic(first&last)", "year(dob)"}, {"phonetic(first&last)", "month_day(dob)"}});
  AdaptOptions o;
  o.people = 600;
  o.pass = "pass0";
  const auto one = adapt(s, o, small_people());
  REQUIRE(one.has_value());
  o.pass = "pass1";
  o.add = "year(dob)";
  o.expected = 0.05;
  const auto both = adapt(*one, o, small_people());
  REQUIRE(both.has_value());
  CHECK(both->passes[0].adaptive->people > both->passes[1].adaptive->people);
  CHECK(schema::to_json(both->common_names, *both) == schema::to_json(one->common_names, *one));
}

TEST_CASE("what cannot be adapted is refused") {
  schema::Schema s = with_keys({{"dob"}, {"phonetic(first&last)", "year(dob)"}});
  s.trusted_unit = true;  // as one pass reads the date alone
  AdaptOptions o;
  o.pass = "elsewhere";
  CHECK_FALSE(adapt(s, o, small_people()).has_value());
  o.pass = "pass0";
  CHECK_FALSE(adapt(s, o, small_people()).has_value());
  o.pass = "pass1";
  o.people = 2;
  CHECK_FALSE(adapt(s, o, small_people()).has_value());
  o.people = 600;
  CHECK(adapt(s, o, small_people()).has_value());
  o.add = "initial(last)";
  CHECK_FALSE(adapt(s, o, small_people()).has_value());
}

}  // namespace tessera::lab
