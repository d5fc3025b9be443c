#include "engine/attack/refine.h"

#include "engine/attack/trial.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack::refine_test {
namespace {

struct Scene {
  std::vector<record::Fields> roster;
  Overlap data;
  Seen theirs, mine;
};

Scene scene(const schema::Schema& schema, double overlap, std::uint32_t n) {
  Silent silent;
  Scene out;
  out.roster = test::draw(n);
  out.data = overlap_of(schema, out.roster, overlap, 0, 1);
  out.theirs = look_at(schema, out.data.victims, 1, silent);
  out.mine = look_at(schema, out.roster, 2, silent);
  return out;
}

// Passes so loose that blocks hold many: what structure alone must break.
const schema::Schema& dense() {
  static const schema::Schema made = [] {
    schema::Schema s = test::one_pass({"dob"});
    for (const auto& parts : std::vector<std::vector<std::string>>{
             {"phonetic(last)", "year(dob)"}, {"phonetic(first)", "year(dob)"}})
      s.passes.push_back(test::one_pass(parts).passes.front());
    for (std::size_t p = 0; p < s.passes.size(); ++p) s.passes[p].name = "p" + std::to_string(p);
    return s;
  }();
  return made;
}

const Scene& loose() {
  static const Scene made = scene(dense(), 1, 3000);
  return made;
}

TEST_CASE("loose passes are broken by structure alone") {
  const Scene& s = loose();
  const auto claims = refine_exact(s.theirs, s.mine, 8);
  CHECK(count_right(claims, s.data.truth) > s.data.real / 5);
  // A colour is the same on both sides: what is claimed at full overlap is right.
  for (std::size_t i = 0; i < claims.size(); ++i)
    CHECK((claims[i] == kNoClaim || claims[i] == s.data.truth[i]));
}

TEST_CASE("one tenth missing spoils exact refinement, and tolerant refinement bears it") {
  const Scene s = scene(dense(), 0.9, 3000);
  const std::uint64_t exact = count_right(refine_exact(s.theirs, s.mine, 8), s.data.truth);
  Silent silent;
  const Claims c = refine_tolerant(dense(), s.theirs, s.mine, {}, silent);
  const std::uint64_t tolerant = count_right(c.claim, s.data.truth);
  const Scene& whole = loose();
  CHECK(2 * exact < count_right(refine_exact(whole.theirs, whole.mine, 8), whole.data.truth));
  CHECK(tolerant > 3 * exact + 100);
}

TEST_CASE("percolation spreads from known pairs where blocks are shared, and keeps them") {
  const Scene& s = loose();
  std::vector<std::pair<std::uint32_t, std::uint32_t>> seeds;
  for (std::uint32_t v = 0; v < 300; ++v) seeds.emplace_back(v, s.data.truth[v]);
  const auto claims = percolate(s.theirs, s.mine, seeds, 0.3F);
  for (std::uint32_t v = 0; v < 300; ++v) CHECK(claims[v] == s.data.truth[v]);
  CHECK(count_right(claims, s.data.truth) > 350);
}

TEST_CASE("blocks of one give nothing: everybody has a pass and a key of their own") {
  // Full birth date and both names: nobody meets anybody but twins of one name.
  const schema::Schema schema = test::one_pass({"dob", "phonetic(first)", "phonetic(last)"});
  const Scene s = scene(schema, 1, 1500);
  Silent silent;
  CHECK(count_right(refine_exact(s.theirs, s.mine, 8), s.data.truth) < 15);
  CHECK(count_right(refine_tolerant(schema, s.theirs, s.mine, {}, silent).claim, s.data.truth) <
        15);
}

TEST_CASE("the colour of a record does not depend on keys or order") {
  const Scene& s = loose();
  const auto v = colours(s.theirs, 3), a = colours(s.mine, 3);
  for (std::size_t i = 0; i < v.size(); ++i) CHECK(v[i] == a[s.data.truth[i]]);
}

}  // namespace
}  // namespace tessera::attack::refine_test
