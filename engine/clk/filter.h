// A filter as a whole: masks ORed into it, folded, and written as text.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "engine/core/bytes.h"

namespace tessera::clk {

// ORs masks of `words` 64-bit words into `into`.
void merge(std::uint64_t* into, std::span<const std::uint64_t* const> masks, std::size_t words);
// XOR of the two halves of `bits` bits, `folds` times, in place.
void fold_bits(std::uint8_t* bytes, std::uint64_t bits, std::uint64_t folds);
// Standard base64 with padding, as core's to_base64(), appended.
void append_base64(ByteView bytes, std::string& out);

}  // namespace tessera::clk
