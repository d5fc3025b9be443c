// A schema's check against people drawn one by one and encoded by the encoder's own rules.
#include "engine/lab/schema_check.h"

#include <cmath>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "engine/encode/block_key.h"
#include "engine/record/name.h"
#include "tests/lab/small_people.h"

namespace tessera::lab {
namespace {

std::string text_of(const NameItems& name) {
  const std::string one = small_tables().name(name[0]).plain;
  return name[1] == kNoName ? one : one + " " + small_tables().name(name[1]).plain;
}

record::Fields fields_of(const schema::Schema& s, const PublicPerson& person) {
  record::Fields fields;
  fields.values.resize(s.fields.size());
  char initial = 0;
  record::read_given_name(text_of(person.given), fields.values[*s.field("first")].names, initial);
  record::read_surname(text_of(person.surname), fields.values[*s.field("last")].names);
  const BirthDate& born = small_people().date(person.day);
  fields.values[*s.field("dob")].date = {static_cast<std::uint16_t>(born.year),
                                         static_cast<std::uint8_t>(born.month),
                                         static_cast<std::uint8_t>(born.day), false};
  return fields;
}

using Counts = std::unordered_map<std::string, double>;

// Entries by block of `n` people: the slow, plain way.
Counts count_blocks(const schema::Schema& s, std::size_t pass, std::uint64_t seed,
                    std::uint64_t n) {
  Counts out;
  Splitmix rng(99, seed);  // streams of one seed; neighbouring seeds would give shifted draws
  for (std::uint64_t i = 0; i < n; ++i)
    for (const auto& key :
         encode::block_keys(s, s.passes[pass], fields_of(s, small_people().draw(rng))))
      out[key.value] += 1;
  return out;
}

struct Plain {
  double tags = 0, mean = 0, shared = 0, alone = 0, opened = 0, own = 0;
};

Plain plain_check(const schema::Schema& s, std::size_t pass, const CheckOptions& o, double quota) {
  Plain out;
  const Counts state = count_blocks(s, pass, 1, o.people);
  const Counts often = count_blocks(s, pass, 2, 30 * o.people);  // what is public: frequencies
  const Counts own = count_blocks(s, pass, 3, o.enrolment);
  std::vector<std::pair<double, std::string>> heaviest;
  for (const auto& [block, n] : often) heaviest.emplace_back(n, block);
  std::sort(heaviest.rbegin(), heaviest.rend());
  for (std::size_t i = 0; i < heaviest.size() && static_cast<double>(i) < quota; ++i)
    if (const auto it = state.find(heaviest[i].second); it != state.end()) out.opened += it->second;
  double entries = 0;
  for (const auto& [block, n] : state) {
    entries += n;
    out.shared += n * n;
    out.alone += n == 1 ? 1 : 0;
    out.own += own.contains(block) ? n : 0;
  }
  out.tags = entries / static_cast<double>(o.people);
  out.mean = entries / static_cast<double>(state.size());
  for (double* x : {&out.shared, &out.alone, &out.own, &out.opened}) *x /= entries;
  return out;
}

}  // namespace

TEST_CASE("block sizes and shares are those of people encoded one by one") {
  const schema::Schema s =
      with_keys({{"dob"},
                 {"dob", "phonetic(last)"},
                 {"phonetic(first)", "year(dob)", "month(dob)"},
                 {"phonetic(first&last)", "year(dob)"},
                 {"phonetic(first&last)", "month_day(dob)"},
                 {"phonetic(first|last)", "year(dob)", "day(dob)"},
                 {"phonetic(last)", "initial(last)", "initial(first)", "day(dob)"}});
  const CheckOptions o{.people = 6000, .enrolment = 150, .seed = 5};
  Silent silent;
  const auto done = check_schema(s, small_people(), o, silent);
  REQUIRE(done.has_value());
  REQUIRE(done->passes.size() == s.passes.size());
  for (std::size_t p = 0; p < s.passes.size(); ++p) {
    const PassCheck& got = done->passes[p];
    CAPTURE(got.key);
    const Plain plain = plain_check(s, p, o, static_cast<double>(got.quota));
    CHECK(got.tags == doctest::Approx(plain.tags).epsilon(0.02));
    CHECK(got.sizes.mean == doctest::Approx(plain.mean).epsilon(0.05));
    CHECK(got.sizes.size_biased == doctest::Approx(plain.shared).epsilon(0.06));
    CHECK(std::abs(got.sizes.alone - plain.alone) < 0.02);
    CHECK(std::abs(got.opened - plain.opened) < 0.05 * plain.opened + 0.01);
    CHECK(std::abs(got.own_seeds - plain.own) < 0.15 * plain.own + 0.01);
    CHECK(got.at_most >= got.opened);
    CHECK(got.quota == std::ceil(1.1 * 150 * got.tags));
    CHECK(got.sizes.alone + got.sizes.to_4 + got.sizes.to_9 + got.sizes.more == doctest::Approx(1));
  }
}

TEST_CASE(
    "over all passes a person is as strong as the weakest, and draws agree with the product") {
  const CheckOptions o{.people = 50000, .enrolment = 400, .seed = 5};
  Silent silent;
  const auto one = check_schema(with_keys({{"dob"}}), small_people(), o, silent);
  const auto two =
      check_schema(with_keys({{"dob"}, {"dob", "phonetic(last)"}}), small_people(), o, silent);
  REQUIRE(one.has_value());
  REQUIRE(two.has_value());
  CHECK(one->sample == 50000);
  // One tag each, so the share of people is that of entries: 440 of 2,192 days.
  CHECK(one->passes[0].opened == doctest::Approx(440.0 / 2192).epsilon(0.001));
  CHECK(std::abs(one->opened - one->passes[0].opened) < 0.02);
  CHECK(std::abs(one->own_seeds - one->passes[0].own_seeds) < 0.02);
  CHECK(two->opened > one->opened);
  CHECK(two->both > two->opened);
  CHECK(two->both <= two->opened + two->own_seeds);
}

TEST_CASE("a schema that a quota opens is refused, unless it trusts the unit") {
  schema::Schema s = with_keys({{"dob"}, {"dob", "phonetic(first&last)"}});
  const CheckOptions o{.people = 20000, .enrolment = 300, .seed = 5};
  Silent silent;
  auto done = check_schema(s, small_people(), o, silent);
  REQUIRE(done.has_value());
  CHECK(done->passes[0].refused);  // 330 of 2,192 days
  CHECK(done->passes[1].refused == (done->passes[1].opened > kMostOpened));
  CHECK(done->refused());
  s.trusted_unit = true;
  done = check_schema(s, small_people(), o, silent);
  REQUIRE(done.has_value());
  CHECK(done->passes[0].opened > kMostOpened);
  CHECK_FALSE(done->refused());
}

TEST_CASE("what the tables cannot answer is said, not guessed") {
  Silent silent;
  const auto mixed = check_schema(with_keys({{"phonetic(first&last)", "initial(first)"}}),
                                  small_people(), {.people = 1000, .enrolment = 10}, silent);
  REQUIRE_FALSE(mixed.has_value());
  CHECK(mixed.error().what.find("pass0") != std::string::npos);
  const auto full = check_schema(with_keys({{"dob"}}), small_people(),
                                 {.people = 1000, .enrolment = 1000}, silent);
  REQUIRE_FALSE(full.has_value());
  CHECK(full.error().code == ErrorCode::usage);
}

}  // namespace tessera::lab
