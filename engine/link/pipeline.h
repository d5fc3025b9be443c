// The line itself: blocks -> patterns -> logits -> pairs, over all passes of a run.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/block/tag_join.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/link/levels.h"
#include "engine/link/matcher.h"
#include "engine/schema/schema.h"

namespace tessera::link {

// Which pairs of records a run compares.
enum class PairRule : std::uint8_t {
  across,      // records of different groups (link: a group is a file)
  everything,  // any two records (dedupe)
  from_batch   // pairs with at least one end in the batch: records [0, batch) (assign)
};

// A run's records, numbered 0.. in an order that depends on owners and record keys alone.
struct Run {
  const schema::Schema* schema = nullptr;
  std::vector<std::uint32_t> group;  // per record
  PairRule rule = PairRule::across;
  std::uint32_t batch = 0;  // from_batch
  RunSize size;
  // The sources of a pass: called twice per pass, in pass order; the entries must stay readable
  // until the next call. Errors stop the run.
  std::function<Result<std::vector<block::Source>>(std::size_t pass)> sources;
  bool tokens = false;  // every source carries SSN tokens
  // Per record: 1 for one whose pairs are counted and not told. Empty, or shorter than the run's
  // records: the others are told. Looked at once all passes were counted.
  std::span<const std::uint8_t> muted;
};

// The least logit of a pair that a batch is judged by: less than 1 % speaks for no review and no
// rival.
inline constexpr Decinats kFaintest = -50;

// How many pairs across groups can be true ones at most: a person is in each group at most once, so
// no more than the smaller of two holds. `first`: of each group its first record, and the total.
std::uint64_t possible_across(std::span<const std::uint32_t> first);

// The same where anyone may stand several times: within a file, in a registry, in a batch for one.
inline constexpr std::uint64_t possible_among(std::uint64_t records) { return records * 4; }

// A pair of records and the strongest evidence for it over all passes. a < b.
struct Pair {
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  Decinats logit = 0;
  std::uint8_t pass = 0;  // where that evidence was found
  std::uint32_t pattern = 0;
};

// Sorts by (a, b), and of several pairs of the same records keeps the strongest.
void keep_strongest(std::vector<Pair>& pairs);

struct Scored {
  std::vector<Pair> pairs;  // sorted by (a, b), each once
  Fit fit;
  std::vector<PassCounts> counts;
};

// Counts, fits, scores. Keeps pairs of at least `floor`. The same records give the same pairs for
// any thread count and order of sources.
Result<Scored> score(const Run& run, const Matcher& matcher, Decinats floor, Progress& progress);

// The first scan alone: patterns per pass, and for each pass the pairs of every pattern that
// `label` (if given) tells apart: label(a, b) in {0, 1}. Used by training and evaluation.
Result<std::vector<std::vector<PassCounts>>> count(
    const Run& run, std::size_t labels,
    const std::function<std::size_t(std::uint32_t, std::uint32_t)>& label, Progress& progress);

}  // namespace tessera::link
