#include "engine/attack/known_pairs.h"

#include <numeric>

#include "engine/attack/trial.h"
#include "engine/attack/weak.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

struct Scene {
  std::vector<record::Fields> people = test::draw(700);
  Table tokens;
  std::vector<std::uint32_t> known, victims;
  Scene() : known(200), victims(100) {
    std::vector<std::vector<std::string>> values;
    for (const record::Fields& p : people)
      values.push_back({plain_value(p, 0), plain_value(p, 2), plain_value(p, 3)});
    const bool digits[] = {false, false, true};
    tokens = token_table(values, digits);
    std::iota(known.begin(), known.end(), 0U);
    std::iota(victims.begin(), victims.end(), 400U);
  }
};

const Scene& scene() {
  static const Scene made;
  return made;
}

TEST_CASE("both learners read a CLK from two hundred known pairs") {
  const Scene& s = scene();
  const auto rows = weak_rows(Weak::clk, test::usual(), s.people, 1);
  REQUIRE(rows.has_value());
  for (const Learner learner : {Learner::ridge, Learner::network}) {
    const auto r = attack_known_pairs(bit_table(*rows), s.tokens, s.known, s.victims, learner, 1);
    CHECK(r.victims == 100);
    CHECK(r.right >= (learner == Learner::ridge ? 90 : 50));
    CHECK(r.dice > r.baseline + 0.1);
  }
}

TEST_CASE("block-salted rows teach neither anything") {
  const Scene& s = scene();
  Silent silent;
  const Seen seen = look_at(test::usual(), s.people, 1, silent);
  const std::vector<std::size_t> all{0, 1, 2, 3};
  for (const Learner learner : {Learner::ridge, Learner::network}) {
    const auto r =
        attack_known_pairs(bit_table(seen, all), s.tokens, s.known, s.victims, learner, 1);
    CHECK(r.right <= 3);
    CHECK(r.dice < r.baseline + 0.03);
  }
}

}  // namespace
}  // namespace tessera::attack
