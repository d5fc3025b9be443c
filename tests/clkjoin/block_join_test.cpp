#include "engine/clkjoin/block_join.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "tests/bits/filters.h"

using namespace tessera;
using namespace tessera::clkjoin;
using bits::Hit;

namespace {

struct Collect final : bits::HitSink {
  std::vector<Hit> hits;
  void take(std::span<const Hit> some) override {
    hits.insert(hits.end(), some.begin(), some.end());
  }
};

RowBlocks random_blocks(Splitmix& random, std::size_t rows, std::size_t names, std::size_t each) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> entries;
  for (std::size_t r = 0; r < rows; ++r)
    for (std::size_t k = 0; k < each; ++k)
      entries.emplace_back(static_cast<std::uint32_t>(r),
                           static_cast<std::uint32_t>(random.below(names)));
  return RowBlocks(rows, entries);
}

bool share(const RowBlocks& a, std::size_t i, const RowBlocks& b, std::size_t j) {
  return std::ranges::any_of(
      a.of(i), [&](std::uint32_t x) { return std::ranges::binary_search(b.of(j), x); });
}

std::vector<Hit> sorted(std::vector<Hit> hits) {
  std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
    return std::pair(a.left, a.right) < std::pair(b.left, b.right);
  });
  return hits;
}

}  // namespace

TEST_CASE("pairs within blocks, small and large, each once") {
  Splitmix random(41);
  const bits::Matrix a = bits::random_filters(random, 700, 256, 0.4);
  const bits::Matrix b = bits::random_filters(random, 900, 256, 0.4);
  const bits::Threshold t = *bits::parse_threshold("0.6");
  Silent silent;
  std::size_t found = 0;
  for (const std::size_t names : {2, 40, 1500}) {
    const RowBlocks left = random_blocks(random, 700, names, 3);
    const RowBlocks right = random_blocks(random, 900, names, 2);
    Collect every, all, inner;
    const bits::Sorted sa = [&] {
      bits::Matrix m(700, 256);
      for (std::size_t i = 0; i < 700; ++i) {
        std::copy_n(a.row(i), 4, m.row(i));
        m.recount(i);
      }
      return bits::sort_by_count(std::move(m));
    }();
    const bits::Sorted sb = [&] {
      bits::Matrix m(900, 256);
      for (std::size_t i = 0; i < 900; ++i) {
        std::copy_n(b.row(i), 4, m.row(i));
        m.recount(i);
      }
      return bits::sort_by_count(std::move(m));
    }();
    bits::join(sa, sb, {t, nullptr, 0}, every, silent);
    std::vector<Hit> want;
    for (const Hit& h : sorted(every.hits))
      if (share(left, h.left, right, h.right)) want.push_back(h);
    found += want.size();
    join_blocks(a, left, b, right, names, {{t, nullptr, 0}, 0}, all, silent);
    CHECK(sorted(all.hits) == want);
    every.hits.clear();
    bits::join_within(sb, {t, nullptr, 0}, every, silent);
    want.clear();
    for (const Hit& h : sorted(every.hits))
      if (share(right, h.left, right, h.right)) want.push_back(h);
    join_blocks_within(b, right, names, {{t, nullptr, 0}, 0}, inner, silent);
    CHECK(sorted(inner.hits) == want);
  }
  CHECK(found > 20);
}

TEST_CASE("the best k of each left row, ties to the lower right row") {
  std::vector<Hit> hits{
      {1, 9, 40, 100}, {1, 3, 20, 50}, {1, 5, 45, 100}, {0, 2, 30, 100}, {1, 1, 30, 100}};
  keep_best(hits, 2);
  CHECK(hits == std::vector<Hit>{{0, 2, 30, 100}, {1, 5, 45, 100}, {1, 3, 20, 50}});
}
