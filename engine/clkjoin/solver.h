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
    return std::span(records_).subspan(start_[i], start_[i + 1] - start_[i]);
  }

 private:
  friend class Solver;
  std::vector<Record> records_;
  std::vector<std::size_t> start_{0};  // of each group, and the end
};

// About 32 to 65 bytes per counted pair of groups and 32 per record. Not thread safe.
class Solver {
 public:
  // `rows` per dataset: at most 64 datasets, fewer than 2^32 records in all.
  static Result<Solver> create(std::span<const std::uint32_t> rows, SolverOptions options);

  // REQUIRES: pairs in the order of before(), over all calls; datasets and rows that exist.
  void add(std::span<const Pair> pairs);
  Groups groups() const;

 private:
  // How many seen pairs stand between two groups, in a chain of each of the two.
  struct Link {
    std::uint32_t group[2];
    std::uint32_t next[2];
    std::uint32_t seen;  // 0: the link was merged away
  };
  struct Slot {
    std::uint32_t tag;
    std::uint32_t link;  // + 1; 0: empty
  };
  // Links in blocks that never move: growing copies nothing and touches no memory twice.
  class Links {
   public:
    std::size_t size() const { return size_; }
    Link& operator[](std::size_t i) { return blocks_[i / kBlock][i % kBlock]; }
    const Link& operator[](std::size_t i) const { return blocks_[i / kBlock][i % kBlock]; }
    void push_back(const Link& link);

   private:
    static constexpr std::size_t kBlock = std::size_t{1} << 20;
    std::vector<LargeVector<Link>> blocks_;
    std::size_t size_ = 0;
  };
  // A group by its first record, chained through next_.
  struct State {
    std::uint32_t head;   // first link + 1
    std::uint32_t links;  // in the chain, about
    std::uint32_t last;   // last record of the group
    std::uint32_t size;   // 0: the record is in no group yet, or its group was merged away
    std::uint64_t datasets;
  };

  explicit Solver(SolverOptions options) : options_(options) {}
  std::uint32_t record(std::uint32_t dataset, std::uint32_t row) const {
    return base_[dataset] + row;
  }
  void add_one(const Pair& pair);
  void prefetch_records(const Pair& pair) const;
  void prefetch_link(const Pair& pair) const;
  bool enough(std::uint64_t seen, std::uint32_t a, std::uint32_t b) const;
  void open_group(std::uint32_t record, std::uint32_t dataset);
  void merge(std::uint32_t a, std::uint32_t b, std::uint32_t link);
  std::uint64_t slot_hash(std::uint32_t a, std::uint32_t b) const;
  std::uint32_t find_link(std::uint32_t a, std::uint32_t b) const;  // + 1; 0: none
  void add_link(std::uint32_t a, std::uint32_t b);
  void place(std::uint32_t link);
  void grow();

  SolverOptions options_;
  std::vector<std::uint32_t> base_;
  LargeVector<std::uint32_t> group_of_;  // record -> first record of its group; kNone
  LargeVector<std::uint32_t> next_;      // record -> next record of its group; kNone
  LargeVector<State> state_;
  Links links_;
  LargeVector<Slot> slots_;
  std::size_t used_ = 0;  // slots that are not empty
};

}  // namespace tessera::clkjoin
