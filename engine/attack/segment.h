// P9, partial release: a key holder is shown a part of the bits and tries every name of a list.
//
// Adversary: holds the key of the filters (another district does) and a dictionary, sees a segment
// of each filter. Success: filters whose value alone fits, or is among those that fit. Source:
// Vidanage, Ranbaduge, Christen & Schnell, the segment attack on partially released Bloom filters
// (code published as bc-pprlSegmentAtomAttack).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "engine/bits/matrix.h"

namespace tessera::attack {

struct SegmentResult {
  std::uint64_t rows = 0, exact = 0, among = 0, wrong = 0;
};

// Words [0, words) of each row of `seen` are shown. Row i of `seen` is the filter of truth[i], row
// j of `made` that of dictionary[j]. REQUIRES: words <= seen.words() == made.words().
SegmentResult segment_attack(const bits::Matrix& seen, std::span<const std::string> truth,
                             const bits::Matrix& made, std::span<const std::string> dictionary,
                             std::size_t words);

}  // namespace tessera::attack
