// Which stored rows a batch repeats, against every pair of rows.
#include "engine/link/repeated.h"

#include <numeric>

#include <doctest/doctest.h>

#include "engine/core/random.h"

namespace repeated_test {

using namespace tessera;

namespace {

// Rows of few tags and fewer bits, so that many are alike.
encoded::PassColumns draw(std::size_t n, Splitmix& random) {
  encoded::PassColumns c;
  c.stride = 2;
  for (std::size_t i = 0; i < n; ++i) {
    c.tags.push_back({static_cast<std::uint8_t>(random.next() % 5)});
    c.handles.push_back(random.next());
    c.presence.push_back(static_cast<std::uint16_t>(random.next() % 2));
    c.bits.push_back(static_cast<std::uint8_t>(random.next() % 2));
    c.bits.push_back(0);
  }
  c.sort();
  return c;
}

bool same(const encoded::PassColumns& a, std::size_t i, const encoded::PassColumns& b,
          std::size_t k) {
  return a.tags[i] == b.tags[k] && a.presence[i] == b.presence[k] && a.bits[2 * i] == b.bits[2 * k];
}

}  // namespace

TEST_CASE("rows of their own records that a batch brings again, and no others") {
  Splitmix random(3);
  std::size_t found = 0;
  for (int round = 0; round < 50; ++round) {
    encoded::PassColumns stored = draw(30, random);
    const encoded::PassColumns left = draw(7, random);
    const encoded::PassColumns right = draw(3, random);
    std::vector<std::uint8_t> own;
    for (std::size_t i = 0; i < 30; ++i) own.push_back(random.next() % 3 == 0 ? 1 : 0);
    const std::vector<std::uint32_t> zeros(7, 0);
    const block::Source batch[] = {{left.view(), zeros}, {right.view(), std::span(zeros).first(3)}};
    const auto repeated = link::repeated_rows(stored.view(), own, batch);
    REQUIRE(repeated.size() == 30);
    std::vector<encoded::Handle> kept;
    std::vector<std::uint32_t> numbers(30);
    std::iota(numbers.begin(), numbers.end(), 100U);
    for (std::size_t i = 0; i < 30; ++i) {
      bool expected = false;
      for (std::size_t k = 0; k < 7; ++k) expected |= own[i] != 0 && same(stored, i, left, k);
      for (std::size_t k = 0; k < 3; ++k) expected |= own[i] != 0 && same(stored, i, right, k);
      CHECK((repeated[i] != 0) == expected);
      found += expected ? 1 : 0;
      if (!expected) kept.push_back(stored.handles[i]);
    }
    const encoded::PassColumns before = stored;
    link::leave_rows_out(repeated, stored, numbers);
    CHECK(stored.handles == kept);
    REQUIRE(numbers.size() == kept.size());
    for (std::size_t i = 0; i < kept.size(); ++i) {
      CHECK(before.handles[numbers[i] - 100] == kept[i]);
      CHECK(same(stored, i, before, numbers[i] - 100));
    }
  }
  CHECK(found > 100);
}

}  // namespace repeated_test
