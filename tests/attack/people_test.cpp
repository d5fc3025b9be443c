#include "engine/attack/people.h"

#include <set>

#include "engine/attack/weak.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

TEST_CASE("a draw is the same every time, and another for another seed or owner") {
  const auto one = test::draw(300), again = test::draw(300), other = test::draw(300, 2);
  std::size_t same = 0;
  for (std::size_t i = 0; i < one.size(); ++i) {
    CHECK(one[i].local_id == std::to_string(i));
    for (std::size_t f = 0; f < test::usual().fields.size(); ++f)
      CHECK(plain_value(one[i], f) == plain_value(again[i], f));
    same += plain_value(one[i], 2) == plain_value(other[i], 2);
  }
  CHECK(same < 30);
}

TEST_CASE("persons beyond the state are refused") {
  Silent silent;
  const auto drawn = draw_people(test::tables(), test::usual(),
                                 {.state_people = 100, .first = 150, .count = 100}, silent);
  REQUIRE_FALSE(drawn.has_value());
  CHECK(drawn.error().code == ErrorCode::usage);
}

}  // namespace
}  // namespace tessera::attack
