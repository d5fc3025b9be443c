#include "engine/attack/in_block.h"

#include "engine/attack/trial.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

double named(const schema::Schema& schema, std::uint32_t people, double overlap) {
  Silent silent;
  const auto roster = test::draw(people);
  const Overlap data = overlap_of(test::usual(), roster, overlap, 0, 1);
  const Seen theirs = look_at(schema, data.victims, 1, silent);
  const Seen mine = look_at(schema, roster, 2, silent);
  const auto claims = match_in_blocks(schema, 0, theirs.passes[0], mine.passes[0], {}, silent);
  std::uint64_t right = 0;
  for (std::size_t row = 0; row < claims.size(); ++row)
    right += claims[row] != kNoClaim && claims[row] == data.truth[theirs.passes[0].record[row]];
  return static_cast<double>(right) / static_cast<double>(data.real);
}

TEST_CASE("large blocks expose a graph that names their people") {
  const schema::Schema month = test::one_pass({"year(dob)", "month(dob)"});
  CHECK(named(month, 4000, 1.0) > 0.5);  // 156 blocks of about 26
  CHECK(named(month, 4000, 0.9) > 0.1);
}

TEST_CASE("small blocks expose next to nothing") {
  CHECK(named(test::one_pass({"dob", "phonetic(last)"}), 4000, 1.0) < 0.02);
}

}  // namespace
}  // namespace tessera::attack
