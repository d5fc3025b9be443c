// The order of candidate pairs: total, and the field's.
#include "engine/clkjoin/pair.h"

#include <algorithm>
#include <vector>

#include <doctest/doctest.h>

using namespace tessera::clkjoin;

TEST_CASE("most alike first, then datasets, then rows; of any two pairs one comes first") {
  const std::vector<Pair> order{{1.0, 2, 3, 9, 9}, {0.9, 0, 1, 0, 5}, {0.9, 0, 1, 1, 0},
                                {0.9, 0, 1, 1, 2}, {0.9, 0, 2, 0, 0}, {0.9, 1, 2, 0, 0},
                                {0.8, 0, 1, 0, 0}};
  for (std::size_t i = 0; i < order.size(); ++i)
    for (std::size_t j = 0; j < order.size(); ++j) {
      CHECK(before(order[i], order[j]) == (i < j));
      CHECK((order[i] == order[j]) == (i == j));
    }
}
