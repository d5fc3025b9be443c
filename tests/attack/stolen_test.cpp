#include "engine/attack/stolen.h"

#include <cmath>
#include <set>

#include "engine/encode/block_key.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

TEST_CASE("what a district's own seeds open is counted as a plain search counts it") {
  const auto people = test::draw(1200);
  const schema::Schema schema = test::one_pass({"phonetic(last)", "year(dob)"});
  constexpr std::size_t kDistrict = 100;
  const Stolen s = steal(schema, people, 0, kDistrict, people);
  std::set<std::string> own;
  std::uint64_t opened = 0, evaluations = 0;
  for (std::size_t i = 0; i < people.size(); ++i) {
    bool open = false;
    for (const encode::BlockKey& k : encode::block_keys(schema, schema.passes[0], people[i])) {
      if (i < kDistrict) {
        own.insert(k.value);
        ++evaluations;
      }
      open = open || own.contains(k.value);
    }
    opened += i >= kDistrict && open;
  }
  CHECK(s.others == people.size() - kDistrict);
  CHECK(s.by_seeds == opened);
  CHECK(opened > 0);
  CHECK(s.passes[0].quota ==
        static_cast<std::uint64_t>(std::ceil(1.1 * static_cast<double>(evaluations))));
  // The heaviest of what is known are at least as heavy as the heaviest of a guess.
  CHECK(s.passes[0].heaviest_known >= s.passes[0].heaviest - 1e-9);
  CHECK(s.passes[0].heaviest > s.passes[0].own_seeds / 2);
}

TEST_CASE("a quota over small blocks opens little, over large blocks everything") {
  const auto people = test::draw(1200);
  const auto small = steal(test::one_pass({"dob", "phonetic(last)"}), people, 0, 60, people);
  const auto large = steal(test::one_pass({"year(dob)"}), people, 0, 60, people);
  CHECK(small.passes[0].heaviest < 0.2);
  CHECK(large.passes[0].heaviest == doctest::Approx(1));
  CHECK(static_cast<double>(small.by_seeds) / static_cast<double>(small.others) < 0.05);
}

}  // namespace
}  // namespace tessera::attack
