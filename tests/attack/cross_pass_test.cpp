#include "engine/attack/cross_pass.h"

#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

CrossPass linked(std::uint32_t each, std::size_t pass, std::size_t other) {
  Silent silent;
  const lab::NameTables& names = test::tables();
  const Draw state{.seed = 3, .state_people = 2 * each, .count = each};
  Draw second = state;
  second.first = each / 2;
  second.owner = 1;
  const auto a = draw_people(names, test::usual(), state, silent);
  const auto b = draw_people(names, test::usual(), second, silent);
  REQUIRE(a.has_value());
  REQUIRE(b.has_value());
  return link_passes(test::usual(), look_at(test::usual(), *a, 5, silent, "a"),
                     look_at(test::usual(), *b, 5, silent, "b"), pass, other);
}

double share(const CrossPass& found) { return found.right / static_cast<double>(found.of); }

TEST_CASE("one pair alone is told at once, many hide one another") {
  const CrossPass two = linked(4, 0, 1);
  REQUIRE(two.of >= 1);
  CHECK(share(two) > 0.4);
  const CrossPass few = linked(40, 0, 1);
  const CrossPass many = linked(1500, 0, 1);
  CHECK(few.of > 10);
  CHECK(many.of > 500);
  CHECK(share(few) > 2 * share(many));
  CHECK(share(many) < 0.2);
  CHECK(many.right >= 1);  // no attack that never finds anything
  // Of a record one meeting at most is counted, and each that has one put together is.
  CHECK(many.records <= many.right + 1e-9);
  CHECK(many.records > 0.5 * many.right);
}

TEST_CASE("both directions count the same pairs") {
  CHECK(linked(300, 0, 2).of == linked(300, 2, 0).of);
}

}  // namespace
}  // namespace tessera::attack
