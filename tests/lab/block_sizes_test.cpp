// The table of shares against sums written out.
#include "engine/lab/block_sizes.h"

#include <cmath>

#include <doctest/doctest.h>

namespace tessera::lab {

TEST_CASE("equal blocks: sizes are Poisson, a quota opens its part") {
  BlockSizes blocks;
  blocks.add(0.001, 1000);
  blocks.add(0, 77);  // blocks that nobody is in do not count
  CHECK(blocks.blocks() == 1000);
  CHECK(blocks.tags_per_person() == doctest::Approx(1));
  const Sizes s = blocks.sizes(2001);  // two others expected
  CHECK(s.size_biased == doctest::Approx(3));
  CHECK(s.alone == doctest::Approx(std::exp(-2.0)));
  CHECK(s.to_4 == doctest::Approx(std::exp(-2.0) * (2 + 2 + 8.0 / 6)));
  CHECK(s.alone + s.to_4 + s.to_9 + s.more == doctest::Approx(1));
  CHECK(s.in_use == doctest::Approx(1000 * (1 - std::exp(-2.001))));
  CHECK(s.mean == doctest::Approx(2001 / s.in_use));
  CHECK(blocks.heaviest(250).share == doctest::Approx(0.25));
  CHECK(blocks.heaviest(250).part_at_rank == doctest::Approx(0.25));
  CHECK(blocks.heaviest(5000).share == doctest::Approx(1));
  CHECK(blocks.opened_by_roster(500) == doctest::Approx(1 - std::pow(0.999, 500)));
}

TEST_CASE("the heaviest blocks come first") {
  BlockSizes heavy, blocks;
  heavy.add(0.1, 3);
  blocks.add(0.0007, 1000);
  blocks.add(heavy);
  CHECK(blocks.heaviest(2).share == doctest::Approx(0.2));
  CHECK(blocks.heaviest(2).rank == BlockSizes::rank_of(0.1));
  CHECK(blocks.heaviest(103).share == doctest::Approx(0.3 + 100 * 0.0007));
  CHECK(BlockSizes::rank_of(0.1) > BlockSizes::rank_of(0.0999));
  CHECK(BlockSizes::rank_of(0.25) == BlockSizes::rank_of(std::nextafter(0.25, 0)));
}

TEST_CASE("knowing which blocks turned out largest opens more") {
  BlockSizes blocks;
  blocks.add(0.001, 1000);
  // 1,000 people: 1000 e^-1 / k! blocks of k. Counted by hand: all of 4 and more, the rest of 3.
  double held = 0, left = 50;
  for (int k = 12; k >= 1; --k) {
    const double n = 1000 * std::exp(-1.0) / std::tgamma(k + 1);
    held += k * std::min(n, left);
    left = std::max(0.0, left - n);
  }
  CHECK(blocks.heaviest_known(1000, 50) == doctest::Approx(held / 1000).epsilon(1e-4));
  CHECK(blocks.heaviest_known(1000, 50) > 3 * blocks.heaviest(50).share);
  CHECK(blocks.heaviest_known(1000, 5000) == doctest::Approx(1));
}

}  // namespace tessera::lab
