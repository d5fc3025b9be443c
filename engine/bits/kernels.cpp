// The table of kernels, best first. A test loops over it: a new kernel is tested by being listed.
#include "engine/bits/kernels.h"

#include <algorithm>
#include <array>
#include <limits>

#include "engine/bits/kernel_parts.h"

namespace tessera::bits {
namespace {

constexpr std::int32_t kAny = std::numeric_limits<std::int32_t>::max();
bool always() { return true; }

#if defined(__x86_64__)
bool has_popcnt() { return __builtin_cpu_supports("popcnt"); }
bool has_avx2() { return __builtin_cpu_supports("avx2") && has_popcnt(); }
bool has_avx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vpopcntdq") && has_popcnt();
}
bool has_vbmi() { return has_avx512() && __builtin_cpu_supports("avx512vbmi"); }
bool has_matrix() { return has_vbmi() && has_amx(); }
#endif

#if defined(__x86_64__)
// Costs measured on an Intel Xeon with AMX; on AMD the sextets are further ahead.
constexpr Scanner kTiles{"tiles", has_matrix, 32,         kAny,      0.034,
                         0.030,   tile_bytes, pack_tiles, scan_tiles};
constexpr Scanner kSextets{"sextets", has_vbmi,     256,          254,         0.060,
                           0.030,     sextet_bytes, pack_sextets, scan_sextets};
constexpr Scanner kHalves{"halves", has_avx512, 64,          kAny,       0.062,
                          0.030,    half_bytes, pack_halves, scan_halves};
constexpr Scanner kNibbles8{"nibbles8", has_avx2,     32,           254,          0.128,
                            0.100,      nibble_bytes, pack_nibbles, scan_nibbles8};
constexpr Scanner kNibbles16{"nibbles16", has_avx2,     32,           kAny,          0.185,
                             0.100,       nibble_bytes, pack_nibbles, scan_nibbles16};
constexpr Scanner kWords{"words", has_popcnt, 1,         kAny,       0.33,
                         0.50,    row_bytes,  pack_rows, scan_popcnt};
constexpr std::array kAmxScanners{kTiles};
constexpr std::array kVbmiScanners{kSextets, kHalves};
constexpr std::array kAvx512Scanners{kHalves};
constexpr std::array kAvx2Scanners{kNibbles8, kNibbles16};
constexpr std::array kPopcntScanners{kWords};
#endif
#if defined(__aarch64__)
// Not measured: no such machine was at hand.
constexpr std::array kNeonScanners{
    Scanner{"lanes", always, 16, kAny, 0.15, 0.1, lane_bytes, pack_lanes, scan_lanes}};
#endif
constexpr std::array kPortableScanners{
    Scanner{"rows", always, 1, kAny, 2.4, 0.60, row_bytes, pack_rows, scan_portable}};

constexpr std::array kAll {
#if defined(__x86_64__)
  Kernel{"amx", has_matrix, count_and_avx512, kAmxScanners},
      Kernel{"avx512vbmi", has_vbmi, count_and_avx512, kVbmiScanners},
      Kernel{"avx512", has_avx512, count_and_avx512, kAvx512Scanners},
      Kernel{"avx2", has_avx2, count_and_avx2, kAvx2Scanners},
      Kernel{"popcnt", has_popcnt, count_and_popcnt, kPopcntScanners},
#elif defined(__aarch64__)
  Kernel{"neon", always, count_and_neon, kNeonScanners},
#endif
      Kernel{"portable", always, count_and_portable, kPortableScanners},
};

}  // namespace

std::span<const Kernel> kernels() { return kAll; }

const Kernel& best_kernel() {
  return *std::ranges::find_if(kAll, [](const Kernel& k) { return k.usable(); });
}

const Kernel* find_kernel(std::string_view name) {
  const auto* k = std::ranges::find(kAll, name, &Kernel::name);
  return k != kAll.end() && k->usable() ? k : nullptr;
}

void* Scratch::take(std::size_t bytes) {
  if (memory.size() * 8 < bytes + 64) memory.resize(bytes / 8 + 16);
  const auto at = reinterpret_cast<std::uintptr_t>(memory.data());
  return reinterpret_cast<void*>((at + 63) & ~std::uintptr_t{63});
}

}  // namespace tessera::bits
