// Small populations for the tests of this room, and the plain way to look at all pairs of records.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/core/random.h"
#include "engine/report/tally.h"

namespace tessera::report {

// `records` records of about half as many persons at `owners` owners; one in ten has no person.
inline People some_people(std::uint64_t seed, std::uint32_t records, std::uint32_t owners,
                          bool within) {
  Splitmix random(seed);
  People out;
  out.within = within;
  for (std::uint32_t i = 0; i < records; ++i) {
    out.person.push_back(random.below(10) == 0
                             ? kNobody
                             : static_cast<std::uint32_t>(random.below(records / 2 + 1)));
    out.owner.push_back(static_cast<std::uint32_t>(random.below(owners)));
  }
  return out;
}

// Every pair of records with chance 1 in 2, in either direction, with few distinct probabilities
// and weights, so that ties abound. Shuffled.
inline std::vector<Pair> some_pairs(std::uint64_t seed, const People& people) {
  Splitmix random(seed);
  std::vector<Pair> out;
  const auto n = static_cast<std::uint32_t>(people.person.size());
  for (std::uint32_t a = 0; a < n; ++a)
    for (std::uint32_t b = a + 1; b < n; ++b) {
      if (random.below(2) == 0) continue;
      const bool same = people.known(a, b) && people.same(a, b);
      const double p = static_cast<double>(random.below(8) + (same ? 3 : 0)) / 10;
      Pair pair{a, b, static_cast<double>(random.below(3)), p};
      if (random.below(2) == 0) std::swap(pair.left, pair.right);
      out.push_back(pair);
    }
  for (std::size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[random.below(i)]);
  return out;
}

// True pairs by looking at all pairs of records.
inline std::uint64_t true_pairs_plain(const People& people) {
  std::uint64_t n = 0;
  for (std::uint32_t a = 0; a < people.person.size(); ++a)
    for (std::uint32_t b = a + 1; b < people.person.size(); ++b)
      if (people.known(a, b) && people.counts(a, b) && people.same(a, b)) ++n;
  return n;
}

// The tally of the pairs that `accept` takes, by looking at each.
template <class Accept>
Tally tally_plain(const std::vector<Pair>& pairs, const People& people, Accept accept) {
  Tally out;
  for (const Pair& p : pairs)
    if (people.known(p.left, p.right) && people.counts(p.left, p.right) && accept(p))
      ++(people.same(p.left, p.right) ? out.right : out.wrong);
  out.missed = true_pairs_plain(people) - out.right;
  return out;
}

}  // namespace tessera::report
