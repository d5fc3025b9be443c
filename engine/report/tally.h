// Scored pairs against a known truth: true pairs, and precision and recall at every threshold.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace tessera::report {

inline constexpr std::uint32_t kNobody =
    0xffffffff;  // a record whose person the truth does not name

// Who each record is. Records are 0 .. n-1; which record key a number stands for, and which name,
// is the caller's secret.
struct People {
  std::vector<std::uint32_t> person;  // of each record, or kNobody
  std::vector<std::uint32_t> owner;   // of each record
  bool within = false;                // pairs of two records of one owner count as well

  bool known(std::uint32_t a, std::uint32_t b) const {
    return person[a] != kNobody && person[b] != kNobody;
  }
  bool counts(std::uint32_t a, std::uint32_t b) const { return within || owner[a] != owner[b]; }
  // REQUIRES: known(a, b).
  bool same(std::uint32_t a, std::uint32_t b) const { return person[a] == person[b]; }
};

struct Pair {
  std::uint32_t left = 0;
  std::uint32_t right = 0;
  double weight = 0;       // any finite number; breaks ties of probability
  double probability = 0;  // 0..1
};

// part / whole; NaN where there is no whole.
double ratio(std::uint64_t part, std::uint64_t whole);

// What was found against what is true. Shares are NaN where nothing could be right.
struct Tally {
  std::uint64_t right = 0;   // true pairs accepted
  std::uint64_t wrong = 0;   // other pairs accepted
  std::uint64_t missed = 0;  // true pairs not accepted
  double precision() const;
  double recall() const;
  double f1() const;
  bool operator==(const Tally&) const = default;
};

// Pairs of different records that share a key and count: the sum over keys of the pairs inside,
// less those inside one owner unless `within`. Records whose key is ~0 are left out. Same sizes.
std::uint64_t count_pairs(std::span<const std::uint64_t> key, std::span<const std::uint32_t> owner,
                          bool within);
// Pairs of records of one person that count.
std::uint64_t true_pairs(const People& people);

// What sift() took out of the pairs, and whether a pair stood twice.
struct Sifted {
  std::uint64_t unjudged = 0;      // a record whose person is not known
  std::uint64_t within_owner = 0;  // two records of one owner, where those do not count
  std::uint64_t repeated = 0;      // the same two records again, in either order
};
// Leaves the pairs that can be judged, once each (the best of repeated ones), left < right, ranked:
// probability down, weight down, then left and right up, which is a total order. Sorts in parallel.
// REQUIRES: left and right are below people.person.size() and differ.
Sifted sift(std::vector<Pair>& pairs, const People& people);

// The pairs at or above a threshold. `weight` is the lowest one accepted, for thresholds chosen
// in the middle of equal probabilities; else -infinity.
struct Point {
  double probability = 0;
  double weight = 0;
  Tally tally;
};
inline constexpr double kStrictPrecision = 0.999;
struct Sweep {
  std::vector<Point> at;     // one for each threshold asked for
  Point best;                // of highest F1, the strictest of equals: chosen with the truth
  Point strict;              // that finds most at a precision of kStrictPrecision or more
  std::vector<Point> curve;  // at most about 200 points, strictest first, for drawing
};
// REQUIRES: `ranked` is in the order of sift(); `truth_total` = true_pairs(people).
Sweep sweep(std::span<const Pair> ranked, const People& people, std::uint64_t truth_total,
            std::span<const double> thresholds);

// The thresholds every report shows.
std::span<const double> shown_thresholds();

}  // namespace tessera::report
