// The first eight bytes of every sort of file that carries entries or what was made of them, so
// that a file in the wrong place is told what it is.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>

#include "engine/core/bytes.h"

namespace tessera::encoded {

using Magic = std::array<std::uint8_t, 8>;  // the last byte is the version of the format

inline constexpr Magic kMagic{'T', 'E', 'S', 'S', 'E', 'R', 'A', 1};
inline constexpr Magic kSlipMagic{'T', 'E', 'S', 'S', 'L', 'I', 'P', 1};
inline constexpr Magic kMixMagic{'T', 'E', 'S', 'S', 'M', 'I', 'X', 1};
inline constexpr Magic kScoreMagic{'T', 'E', 'S', 'S', 'C', 'O', 'R', 1};
inline constexpr Magic kOrderMagic{'T', 'E', 'S', 'S', 'O', 'R', 'D', 1};
inline constexpr Magic kReceiptMagic{'T', 'E', 'S', 'S', 'R', 'C', 'P', 1};

// In any version.
inline bool begins_with(ByteView file, const Magic& magic) {
  return file.size() >= magic.size() && std::equal(magic.begin(), magic.end() - 1, file.begin());
}

// What to tell somebody who gave this file where an encoded one is wanted.
inline std::string_view why_not_encoded(ByteView file) {
  if (begins_with(file, kSlipMagic))
    return "a file of slips, for a linkage unit in two offices: 'tessera split mix', 'split link' "
           "and 'split assign' take it";
  if (begins_with(file, kMixMagic))
    return "a mix of slips, which 'tessera split compare' takes at the comparer";
  if (begins_with(file, kScoreMagic))
    return "a file of scores, which 'tessera split link' and 'split assign' take at the registrar";
  if (begins_with(file, kOrderMagic))
    return "an order to purge, which 'tessera split purge' takes at the comparer";
  if (begins_with(file, kReceiptMagic))
    return "a receipt for a purge, which 'tessera ssn purge' takes at the registrar";
  return "not a tessera file; 'tessera encode' makes one";
}

}  // namespace tessera::encoded
