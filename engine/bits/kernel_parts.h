// What the kernel files hand to the table in kernels.cpp. Only this room includes it.
#pragma once

#include "engine/bits/kernels.h"

namespace tessera::bits {

using CountAnd = std::uint32_t(const std::uint64_t*, const std::uint64_t*, std::size_t);
using Scan = void(const ScanBlock&, Scratch&, std::vector<Candidate>&);
using Pack = void(const std::uint64_t*, std::size_t, std::size_t, std::byte*);
using PackedBytes = std::size_t(std::size_t, std::size_t);

CountAnd count_and_portable, count_and_popcnt, count_and_avx2, count_and_avx512, count_and_neon;

// One row after another, as they come.
PackedBytes row_bytes;
Pack pack_rows;
Scan scan_portable, scan_popcnt;

// Groups of 32 rows, a nibble to a byte: the table of popcount(nibble of a ^ x) is one shuffle.
PackedBytes nibble_bytes;
Pack pack_nibbles;
Scan scan_nibbles8, scan_nibbles16;

// Groups of 64 rows in vectors of 16: half word k of each of 16 rows side by side.
PackedBytes half_bytes;
Pack pack_halves;
Scan scan_halves;

// Groups of 256 rows, six bits to a byte: the table has 64 entries, one VBMI permute.
PackedBytes sextet_bytes;
Pack pack_sextets;
Scan scan_sextets;

// Tiles of 16 rows x 64 bits for the matrix unit: a bit is a byte, +1 or -1.
bool has_amx();
PackedBytes tile_bytes;
Pack pack_tiles;
Scan scan_tiles;

// Groups of 16 rows, byte k of each side by side.
PackedBytes lane_bytes;
Pack pack_lanes;
Scan scan_lanes;

}  // namespace tessera::bits
