#include "engine/attack/bought.h"

#include "engine/attack/stolen.h"
#include "tests/attack/attack_fixture.h"
#include "tests/ledger/scratch.h"

namespace tessera::attack {
namespace {

TEST_CASE("what a quota opens at a running service is what was counted, and not one answer more") {
  const tessera::test::Scratch folder;
  const auto people = test::draw(400), sample = test::draw(400, 2);
  const schema::Schema schema = test::one_pass({"phonetic(last)", "year(dob)"});
  constexpr std::size_t kDistrict = 60;
  Silent silent;
  const auto passes = buy(schema, people, kDistrict, sample, folder / "", 7, silent);
  REQUIRE(passes.has_value());
  REQUIRE(passes->size() == 1);
  const Bought& pass = passes->front();
  const Stolen counted = steal(schema, people, 0, kDistrict, sample);
  CHECK(pass.quota == counted.passes[0].quota);
  CHECK(pass.answered == pass.quota);
  CHECK(pass.logged == pass.quota);
  CHECK(pass.opened > 0);
  CHECK(static_cast<double>(pass.opened) / static_cast<double>(pass.entries) ==
        doctest::Approx(counted.passes[0].heaviest));
}

}  // namespace
}  // namespace tessera::attack
