// Groups from pairs, greedily: anonlink's algorithm, in less memory.
//
// Pairs are taken most alike first. Two groups merge when enough of the pairs between them have
// been seen: all of them with a merge threshold of 1, else that share. A pair that does not merge
// is counted and may let a later one do so.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "engine/bits/threshold.h"
#include "engine/clkjoin/group_links.h"
#include "engine/clkjoin/large_pages.h"
#include "engine/clkjoin/pair.h"
#include "engine/core/result.h"

namespace tessera::clkjoin {

struct SolverOptions {
  bits::Threshold merge_threshold{1, 1};
  bool deduplicated = false;  // records of one dataset are never in one group
};

using Record = std::pair<std::uint32_t, std::uint32_t>;  // dataset, row

// Groups of two or more, sorted by their first record; the records of each sorted.
class Groups {
 public:
  std::size_t size() const { return start_.size() - 1; }
  std::span<const Record> operator[](std::size_t i) const {
    return {records_.data() + start_[i], start_[i + 1] - start_[i]};
  }

 private:
  friend class Solver;
  LargeArray<Record> records_;
  std::vector<std::size_t> start_{0};  // of each group, and the end
};

// Bytes: 27 to 47 per counted pair of groups (see GroupLinks), 16 per record (24 if deduplicated).
// Not thread safe.
class Solver {
 public:
  // `rows` per dataset: at most 64 datasets, fewer than 2^32 records in all.
  static Result<Solver> create(std::span<const std::uint32_t> rows, SolverOptions options);

  // REQUIRES: pairs in the order of before(), over all calls; datasets and rows that exist.
  void add(std::span<const Pair> pairs);
  Groups groups() const;

 private:
  // A group by its first record.
  struct State {
    std::uint32_t head;  // of the chain of its links
    std::uint32_t size;
  };

  explicit Solver(SolverOptions options) : options_(options) {}
  std::uint32_t record(std::uint32_t dataset, std::uint32_t row) const {
    return base_[dataset] + row;
  }
  // Said to be inlined: a compiler may drop a call that does nothing but fetch ahead.
  [[gnu::always_inline]] void fetch_records(const Pair& pair) const;
  [[gnu::always_inline]] void fetch_groups(const Pair& pair) const;
  void add_one(const Pair& pair);
  bool enough(std::uint64_t seen, std::uint32_t a, std::uint32_t b) const;
  std::uint32_t open_group(std::uint32_t record, std::uint32_t dataset);
  void open_group_of_two(const Pair& pair);
  bool shorter_chain(std::uint32_t a, std::uint32_t b) const;
  void merge(std::uint32_t a, std::uint32_t b, std::uint32_t link);
  void take_members(std::uint32_t a, std::uint32_t b);
  void take_links(std::uint32_t a, std::uint32_t b);

  SolverOptions options_;
  std::vector<std::uint32_t> base_;
  std::uint32_t records_ = 0;
  LargeArray<std::uint32_t> group_of_;  // record -> first record of its group, + 1; 0: in none
  LargeArray<std::uint32_t> next_;      // record -> next record of its group, in a circle
  LargeArray<State> state_;             // of the group that a record is the first of
  LargeArray<std::uint64_t> datasets_;  // of such a group; if deduplicated
  GroupLinks links_;
};

}  // namespace tessera::clkjoin
