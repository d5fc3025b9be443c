// State IDs as they were issued against the persons who hold them.
#pragma once

#include <cstdint>
#include <span>

#include "engine/report/intervals.h"
#include "engine/report/tally.h"

namespace tessera::report {

inline constexpr std::uint32_t kNoId = 0xffffffff;

enum class Status : std::uint8_t { existing, fresh, review, conflict };

// One row of ids.csv: a record, the state ID it was given (or kNoId) and why.
struct Issued {
  std::uint32_t record = 0;
  std::uint32_t id = kNoId;
  Status status = Status::fresh;
  bool by_score = true;  // existing: the link was decided by score, not by a known record key
};

struct IdTally {
  std::uint64_t rows = 0;
  std::uint64_t status[4] = {};            // rows by Status
  std::uint64_t persons = 0;               // with at least one ID
  std::uint64_t duplicated = 0;            // of them, with more than one
  std::uint64_t surplus = 0;               // IDs beyond the first, over all persons
  std::uint64_t ids = 0;                   // held by at least one person whom the truth names
  std::uint64_t mixed = 0;                 // of them, held by more than one person
  std::uint64_t false_merges = 0;          // persons beyond the first, over all IDs
  std::uint64_t links = 0;                 // automatic links, see tally_ids
  double false_merges_per_100k = 0;        // NaN without links
  double false_merges_per_100k_upper = 0;  // one-sided 95 % (Clopper-Pearson)
  double duplicate_share = 0;              // duplicated / persons
  Interval duplicate_bounds;               // Wilson
  double review_share = 0;                 // review / rows
};

// Automatic links are the rows that joined an ID others hold: `existing` by score, and of the rows
// that shared a fresh ID in one run all but the first. Rows of records without a person count as
// rows and by status only.
IdTally tally_ids(std::span<const Issued> rows, const People& people);

}  // namespace tessera::report
