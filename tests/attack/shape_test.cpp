#include "engine/attack/shape.h"

#include <algorithm>
#include <cmath>

#include "engine/core/random.h"
#include "tests/attack/attack_fixture.h"

namespace tessera::attack {
namespace {

TEST_CASE("correlation, area under the curve and evenness find what is planted") {
  const std::vector<double> a{1, 2, 3, 4}, up{2, 4, 6, 8}, down{4, 3, 2, 1}, flat{5, 5, 5, 5};
  CHECK(correlation(a, up) == doctest::Approx(1));
  CHECK(correlation(a, down) == doctest::Approx(-1));
  CHECK(correlation(a, flat) == 0);
  CHECK(area_under_curve({3, 4}, {1, 2}) == doctest::Approx(1));
  CHECK(area_under_curve({1, 2}, {1, 2}) == doctest::Approx(0.5));
  CHECK(area_under_curve({1}, {2, 2}) == doctest::Approx(0));
  Splitmix rng(1);
  std::vector<std::uint64_t> even, uneven;
  for (int i = 0; i < 50000; ++i) {
    even.push_back(rng.next());
    uneven.push_back(rng.next() & ~std::uint64_t{1});
  }
  CHECK(byte_evenness(even, 0) < 3.5);
  CHECK(byte_evenness(uneven, 0) > 30);
}

TEST_CASE("rows show neither length nor order, and a planted order is seen") {
  const auto people = test::draw(1500);
  Silent silent;
  Seen seen = look_at(test::usual(), people, 1, silent);
  CHECK(length_correlation(test::usual(), seen, people) == 0);
  CHECK(std::abs(order_kept(seen.passes[0])) < 4);
  std::ranges::sort(seen.passes[0].record);
  CHECK(order_kept(seen.passes[0]) > 20);
  // A weight that follows the length is seen.
  const schema::Slot* slot = seen.passes[1].layout.find(0, schema::Holds::filter);
  REQUIRE(slot != nullptr);
  for (std::size_t row = 0; row < seen.passes[1].rows(); ++row) {
    std::uint8_t* bits =
        seen.passes[1].columns.bits.data() + row * seen.passes[1].columns.stride + slot->offset;
    const std::string name = people[seen.passes[1].record[row]].values[0].names.empty()
                                 ? std::string()
                                 : people[seen.passes[1].record[row]].values[0].names[0].whole;
    for (std::size_t i = 0; i < slot->bits / 8; ++i) bits[i] = i < name.size() ? 255 : 0;
  }
  CHECK(length_correlation(test::usual(), seen, people) > 0.9);
}

TEST_CASE("bits of one project cannot be found in another, and under one key they can") {
  const auto people = test::draw(1500);
  Silent silent;
  const Seen one = look_at(test::usual(), people, 1, silent);
  const Seen other = look_at(test::usual(), people, 2, silent);
  CHECK(linkable(one, one, Clue::bits, 1) > 0.99);
  CHECK(linkable(one, other, Clue::bits, 1) == doctest::Approx(0.5).epsilon(0.08));
}

}  // namespace
}  // namespace tessera::attack
