// Locality-sensitive hashing against the exact join: a subset, each pair once, its recall stated.
#include "engine/bits/lsh.h"

#include <algorithm>
#include <tuple>

#include <doctest/doctest.h>

#include "engine/core/parallel.h"
#include "tests/bits/filters.h"

using namespace tessera;
using namespace tessera::bits;

namespace {

struct Keep final : HitSink {
  std::vector<Hit> hits;
  void take(std::span<const Hit> some) override {
    hits.insert(hits.end(), some.begin(), some.end());
  }
};

std::vector<Hit> in_order(std::vector<Hit> hits) {
  std::ranges::sort(hits, {}, [](const Hit& h) { return std::tuple(h.left, h.right); });
  return hits;
}

Sorted filters(std::uint64_t seed) {
  Splitmix random(seed);
  return sort_by_count(random_filters(random, 900, 512, 0.35));
}

}  // namespace

TEST_CASE("what is found is what the exact join finds, less some; many tables find nearly all") {
  const Sorted left = filters(1);
  Splitmix random(1);
  const Sorted right = sort_by_count(random_filters(random, 700, 512, 0.35));  // shares rows
  Silent silent;
  for (const bool within : {false, true}) {
    const JoinOptions options{*parse_threshold("0.8")};
    Keep exact;
    within ? join_within(left, options, exact, silent) : join(left, right, options, exact, silent);
    const auto want = in_order(exact.hits);
    REQUIRE(want.size() > 100);
    std::size_t last = 0;
    for (const std::size_t tables : {1, 4, 40}) {
      for (const std::size_t threads : {1, 2}) {
        set_threads(threads);
        Keep some;
        const LshOptions lsh{.tables = tables, .key_bits = 12, .seed = 9, .sample_rows = 2000};
        const LshTally tally = within ? lsh_join_within(left, options, lsh, some, silent)
                                      : lsh_join(left, right, options, lsh, some, silent);
        const auto got = in_order(some.hits);
        CHECK(std::ranges::adjacent_find(got) == got.end());
        CHECK(std::ranges::includes(
            want, got, {}, [](const Hit& h) { return std::tuple(h.left, h.right); },
            [](const Hit& h) { return std::tuple(h.left, h.right); }));
        CHECK(tally.join.hits == got.size());
        CHECK(tally.join.candidates >= got.size());
        // Every row was in the sample, so the estimate is no estimate.
        CHECK(tally.sample_pairs == want.size());
        CHECK(tally.sample_found == got.size());
        CHECK(tally.sample_rows == 900);
        CHECK(tally.sample_compared == 900 * (within ? 899 : 700));
        CHECK(tally.join.pairs == tally.join.candidates);
        CHECK(got.size() >= last);
        last = got.size();
      }
    }
    CHECK(last > want.size() * 9 / 10);
  }
  set_threads(0);
}

TEST_CASE("the seed alone decides the tables; empty sides have no pairs") {
  const Sorted rows = filters(4);
  Silent silent;
  const JoinOptions options{*parse_threshold("0.75")};
  const auto found = [&](std::uint64_t seed) {
    Keep keep;
    lsh_join_within(rows, options, {.tables = 2, .key_bits = 14, .seed = seed, .sample_rows = 10},
                    keep, silent);
    return in_order(keep.hits);
  };
  CHECK(found(1) == found(1));
  CHECK(found(1) != found(2));
  Keep none;
  CHECK(lsh_join(sort_by_count(Matrix(0, 512)), rows, options, {}, none, silent).join.pairs == 0);
  CHECK(lsh_join_within(sort_by_count(Matrix(1, 512)), options, {}, none, silent).join.pairs == 0);
  CHECK(none.hits.empty());
}

TEST_CASE("the sample grows until it has pairs enough, or its work is done, and counts each once") {
  const Sorted rows = filters(1);
  Silent silent;
  const JoinOptions options{*parse_threshold("0.8")};
  Keep exact, none;
  join_within(rows, options, exact, silent);
  const auto sampled = [&](LshOptions lsh) {
    lsh.tables = 4;
    return lsh_join_within(rows, options, lsh, none, silent);
  };
  // By steps, all rows in the end: as many pairs as there are.
  const LshTally all = sampled({.sample_rows = 1, .sample_pairs = exact.hits.size() + 1});
  CHECK(all.sample_rows == 900);
  CHECK(all.sample_pairs == exact.hits.size());
  const LshTally few = sampled({.sample_rows = 4, .sample_pairs = 20});
  CHECK(few.sample_pairs >= 20);
  CHECK(few.sample_rows < 900);
  const LshTally bounded = sampled({.sample_rows = 4, .sample_work = 10 * 900});
  CHECK(bounded.sample_rows == 8);
  CHECK(bounded.sample_compared == 8 * 899);
}
