// The filter of exact weight as docs/decisions/0006 tells it, written for reading, not for speed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/encode/tokens.h"

namespace tessera::reference {

// Bytes of a filter of `bits` bits, `weight` of them set, for distinct tokens under an AES-256 key.
std::vector<std::uint8_t> filter(const std::vector<encode::Block>& tokens, std::uint32_t bits,
                                 std::uint32_t weight, std::span<const std::uint8_t, 32> key);

}  // namespace tessera::reference
