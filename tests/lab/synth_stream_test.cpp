// Streams and permutations of the generator.
#include "engine/lab/synth_stream.h"

#include <bit>
#include <set>
#include <vector>

#include <doctest/doctest.h>

using namespace tessera;
using namespace tessera::lab;

TEST_CASE("a mix depends on each of its inputs and on their order") {
  std::set<std::uint64_t> seen;
  for (std::uint64_t a = 0; a < 12; ++a)
    for (std::uint64_t b = 0; b < 12; ++b)
      for (std::uint64_t c = 0; c < 12; ++c) CHECK(seen.insert(mix(a, b, c)).second);
  CHECK(mix(1, 2, 3) == mix(1, 2, 3));
}

TEST_CASE("one bit of an input changes about half the bits of a mix") {
  double changed = 0;
  int tries = 0;
  for (std::uint64_t x = 1; x < 200; ++x)
    for (int bit = 0; bit < 64; bit += 7) {
      changed += std::popcount(mix(x, x + 1, 5) ^ mix(x, (x + 1) ^ (std::uint64_t{1} << bit), 5));
      ++tries;
    }
  CHECK(changed / tries > 31);
  CHECK(changed / tries < 33);
}

TEST_CASE("streams of other purposes, keys or seeds are other streams") {
  std::set<std::uint64_t> first;
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    for (const Purpose purpose : {Purpose::households, Purpose::family, Purpose::college})
      for (std::uint64_t key = 0; key < 50; ++key)
        CHECK(first.insert(stream(seed, purpose, key).next()).second);
  CHECK(stream(1, Purpose::copy, 2).next() == stream(1, Purpose::copy, 2).next());
}

TEST_CASE("permuted is a permutation of any size, and another for another key") {
  for (const std::uint64_t size :
       {1ULL, 2ULL, 3ULL, 4ULL, 5ULL, 16ULL, 17ULL, 100ULL, 1000ULL, 4097ULL})
    for (std::uint64_t key = 0; key < 4; ++key) {
      std::vector<bool> met(size);
      for (std::uint64_t x = 0; x < size; ++x) {
        const std::uint32_t y = permuted(x, size, key);
        REQUIRE(y < size);
        REQUIRE_FALSE(met[y]);
        met[y] = true;
      }
    }
  int same = 0;
  int next = 0;
  for (std::uint64_t x = 0; x + 1 < 1000; ++x) {
    same += permuted(x, 1000, 1) == permuted(x, 1000, 2) ? 1 : 0;
    next += permuted(x, 1000, 1) + 1 == permuted(x + 1, 1000, 1) ? 1 : 0;
  }
  CHECK(same < 10);  // one in a thousand by chance
  CHECK(next < 10);
  CHECK(permuted((std::uint64_t{1} << 32) - 1, std::uint64_t{1} << 32, 7) ==
        permuted((std::uint64_t{1} << 32) - 1, std::uint64_t{1} << 32, 7));
}
