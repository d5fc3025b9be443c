// The blocks of a pass as a table of shares: how many blocks are held by so large a share of the
// people. What a population's block sizes and an attacker's quota come to is read off it.
#pragma once

#include <cstddef>
#include <vector>

namespace tessera::lab {

// Expected over populations. An entry's block is met by the entry itself and a Poisson number of
// others; shares are of entries and sum to 1.
struct Sizes {
  double in_use = 0;       // blocks with an entry
  double mean = 0;         // entries per block in use
  double size_biased = 0;  // entries in the block of a random entry, itself included
  double alone = 0, to_4 = 0, to_9 = 0, more = 0;  // entries in blocks of 1, 2-4, 5-9, 10 and over
};

// The heaviest blocks that a number of key evaluations opens.
struct Opened {
  double share = 0;         // of all entries
  std::size_t rank = 0;     // blocks of a higher rank are all opened,
  double part_at_rank = 0;  // of those of this rank so large a part
};

// Blocks are kept by the logarithm of their share, 512 steps to a doubling; a rank is a step.
class BlockSizes {
 public:
  BlockSizes();
  // `blocks` blocks, each held by `share` of the people (0 < share <= 1; 0 adds nothing).
  void add(double share, double blocks) {
    if (share <= 0) return;
    Step& step = steps_[rank_of(share)];
    step.blocks += blocks;
    step.held += blocks * share;
  }
  void add(const BlockSizes& other);

  double blocks() const;           // that any person could be in
  double tags_per_person() const;  // the sum of all shares
  Sizes sizes(double people) const;
  Opened heaviest(double quota) const;
  // Share of entries in the `quota` blocks that turned out largest in one population: for a thief
  // who knows which they are, an upper bound.
  double heaviest_known(double people, double quota) const;
  // Share of entries whose block somebody of a random roster holds too.
  double opened_by_roster(double enrolment) const;

  static std::size_t rank_of(double share);  // higher is heavier

 private:
  struct Step {
    double blocks = 0;
    double held = 0;  // sum of shares
  };
  std::vector<Step> steps_;
};

}  // namespace tessera::lab
