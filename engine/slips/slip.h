// A slip: one entry of one pass, sealed by itself to the comparer of a split linkage unit.
// docs/format/slips.md has the table.
#pragma once

#include <cstdint>
#include <span>

#include "engine/core/bytes.h"
#include "engine/encoded/format.h"

namespace tessera::slips {

// Two entries of one block with equal marks are of one file; entries of different blocks never
// have the same mark, so it says nothing beyond the block.
using Mark = std::uint64_t;

inline constexpr std::size_t kSlipHead = 40;  // plain bytes before the row of bits

// What a slip holds, taken apart. `bits` points into the plain bytes.
struct Slip {
  encoded::Tag tag{};
  encoded::Handle handle = 0;
  Mark mark = 0;
  std::uint16_t presence = 0;
  std::uint16_t ssn_token = 0;  // 0 where the schema has no SSN
  std::uint16_t pass = 0;
  const std::uint8_t* bits = nullptr;
};

constexpr std::size_t plain_slip_bytes(std::uint32_t stride) { return kSlipHead + stride; }
std::size_t sealed_slip_bytes(std::uint32_t stride);

// REQUIRES: `out` has plain_slip_bytes(stride) bytes.
void put_slip(const Slip& slip, std::uint32_t stride, std::uint8_t* out);
Slip take_slip(const std::uint8_t* plain);

}  // namespace tessera::slips
