// The blocks of a pass: what all blocks say together is what each person's blocks say.
#include "engine/lab/pass_blocks.h"

#include <cmath>
#include <map>
#include <set>

#include "tests/lab/small_people.h"

namespace tessera::lab {
namespace {

// Mean over drawn people of their number of blocks, and of the share of the first.
struct Drawn {
  double tags = 0;
  double size_biased = 0;  // mean over people of the sum of their blocks' shares
};
Drawn drawn(const PassBlocks& blocks, int n) {
  Drawn out;
  Splitmix random(21, 4);
  for (int i = 0; i < n; ++i)
    for (const PersonsBlock& b : blocks.blocks_of(small_people().draw(random))) {
      out.tags += 1.0 / n;
      out.size_biased += b.share / n;
    }
  return out;
}

}  // namespace

TEST_CASE("a key of the birthday alone: a block for each day, all alike") {
  const schema::Schema s = with_keys({{"dob"}});
  NameCodesOfSchema codes(s, small_people(), 1);
  const auto blocks = PassBlocks::make(s.passes[0], codes);
  REQUIRE(blocks.has_value());
  Silent silent;
  const BlockSizes sizes = blocks->sizes(silent);
  const auto days = static_cast<double>(small_people().days());
  CHECK(sizes.blocks() == doctest::Approx(days));
  CHECK(sizes.tags_per_person() == doctest::Approx(1));
  PublicPerson p;
  p.given = {0, kNoName};
  p.surname = {0, kNoName};
  p.day = 77;
  const auto own = blocks->blocks_of(p);
  REQUIRE(own.size() == 1);
  CHECK(own[0].share == doctest::Approx(1 / days));
  p.day = 78;
  CHECK(blocks->blocks_of(p)[0].name != own[0].name);
  p.day = 77;
  CHECK(blocks->blocks_of(p)[0].name == own[0].name);
}

TEST_CASE("a number splits every block by its values") {
  schema::Schema s = with_keys({{"dob"}});
  schema::Field number;
  number.name = "card";
  number.kind = schema::Kind::number;
  number.length = 2;
  s.fields.push_back(number);
  schema::KeyPart part;
  part.fields = {s.fields.size() - 1};
  s.passes[0].key.push_back(part);
  NameCodesOfSchema codes(s, small_people(), 1);
  const auto blocks = PassBlocks::make(s.passes[0], codes);
  REQUIRE(blocks.has_value());
  Silent silent;
  CHECK(blocks->sizes(silent).blocks() ==
        doctest::Approx(100.0 * static_cast<double>(small_people().days())));
  Splitmix random(5);
  PublicPerson p = small_people().draw(random);
  std::set<std::uint64_t> names;
  for (p.number = 0; p.number < 200; ++p.number) names.insert(blocks->blocks_of(p)[0].name);
  CHECK(names.size() == 100);
}

TEST_CASE("shares of all blocks and of drawn people's blocks tell the same tags and sizes") {
  const schema::Schema s = with_keys({{"phonetic(last)", "year(dob)"},
                                      {"phonetic(first)", "phonetic(last)"},
                                      {"phonetic(first&last)"},
                                      {"phonetic(first|last)", "month(dob)"},
                                      {"initial(first)", "month_day(dob)"}});
  NameCodesOfSchema codes(s, small_people(), 1);
  Silent silent;
  for (const schema::Pass& pass : s.passes) {
    CAPTURE(pass.text);
    const auto blocks = PassBlocks::make(pass, codes);
    REQUIRE(blocks.has_value());
    const BlockSizes sizes = blocks->sizes(silent);
    const Drawn people = drawn(*blocks, 40000);
    CHECK(std::abs(sizes.tags_per_person() - people.tags) < 0.03);
    // An entry meets itself and (n - 1) times its block's share of others.
    constexpr double kPeople = 2001;
    const double met = 1 + (kPeople - 1) * people.size_biased / people.tags;
    CHECK(sizes.sizes(kPeople).size_biased == doctest::Approx(met).epsilon(0.05));
  }
}

TEST_CASE("a person's blocks are each another, and lie among all blocks") {
  const schema::Schema s = with_keys({{"phonetic(first&last)", "dob"}});
  NameCodesOfSchema codes(s, small_people(), 1);
  const auto blocks = PassBlocks::make(s.passes[0], codes);
  REQUIRE(blocks.has_value());
  Splitmix random(9);
  std::map<std::uint64_t, double> share;
  for (int i = 0; i < 3000; ++i) {
    std::set<std::uint64_t> own;
    for (const PersonsBlock& b : blocks->blocks_of(small_people().draw(random))) {
      CHECK(own.insert(b.name).second);
      CHECK(b.share > 0);
      CHECK(b.share < 1);
      CHECK(share.try_emplace(b.name, b.share).first->second == doctest::Approx(b.share));
    }
    CHECK_FALSE(own.empty());
  }
}

TEST_CASE("a key that the tables say nothing of is refused with its pass") {
  const schema::Schema s = with_keys({{"phonetic(first&last)", "phonetic(last)"}});
  NameCodesOfSchema codes(s, small_people(), 1);
  const auto blocks = PassBlocks::make(s.passes[0], codes);
  REQUIRE_FALSE(blocks.has_value());
  CHECK(blocks.error().code == ErrorCode::usage);
  CHECK(blocks.error().what.starts_with("pass pass0: "));
}

}  // namespace tessera::lab
