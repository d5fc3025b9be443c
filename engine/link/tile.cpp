// Plans of tiles, turning of entries, and the list of kernels.
#include "engine/link/tile.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/link/tile_kernels.h"

namespace tessera::link {
namespace {

constexpr std::uint32_t kHalf = 1U << 16;

bool always() { return true; }
#if defined(__x86_64__)
bool has_avx2() { return __builtin_cpu_supports("avx2") != 0; }
bool has_bitalg() {
  return __builtin_cpu_supports("avx512bw") != 0 && __builtin_cpu_supports("avx512bitalg") != 0;
}
#endif

constexpr std::array kAll {
#if defined(__x86_64__)
  TileKernel{"avx512bitalg", has_bitalg, compare_tile_avx512},
      TileKernel{"avx2", has_avx2, compare_tile_avx2},
#endif
      TileKernel{"portable", always, compare_tile_portable},
};

}  // namespace

std::span<const TileKernel> tile_kernels() { return kAll; }

const TileKernel& best_tile_kernel() {
  return *std::ranges::find_if(kAll, [](const TileKernel& k) { return k.usable(); });
}

TilePlan TilePlan::of(const Comparator& comparator) {
  TilePlan out;
  out.rows = comparator.stride() / 2;
  out.given = comparator.given();
  out.surname = comparator.surname();
  // Digits go into the low half while all their patterns fit.
  auto halves = [&out](std::uint32_t factor, std::uint32_t levels, std::uint16_t& low,
                       std::uint16_t& high) {
    if (out.base == 0 && std::uint64_t{factor} * levels <= kHalf) {
      low = static_cast<std::uint16_t>(factor);
      return;
    }
    if (out.base == 0) out.base = factor;
    if (std::uint64_t{factor / out.base} * levels > kHalf) out.usable = false;
    high = static_cast<std::uint16_t>(factor / out.base);
  };
  for (std::size_t i = 0; i < comparator.fields().size(); ++i) {
    const FieldPlan& f = comparator.fields()[i];
    TileField& t = out.fields.emplace_back();
    t.kind = f.kind;
    t.filter = f.filter;
    t.words = f.words;
    t.codes = f.codes;
    t.weight = static_cast<std::uint16_t>(f.weight);
    t.close = static_cast<std::uint16_t>(f.close);
    t.similar = static_cast<std::uint16_t>(f.similar);
    t.near = static_cast<std::uint16_t>(f.near);
    t.known = f.known;
    t.also_known = f.also_known;
    t.known_code = f.known_code;
    t.also_known_code = f.also_known_code;
    halves(f.factor, comparator.digits()[i].levels, t.low, t.high);
  }
  if (comparator.ssn_factor() != 0)
    halves(comparator.ssn_factor(), comparator.digits().back().levels, out.ssn_low, out.ssn_high);
  return out;
}

void turn(const TilePlan& plan, std::span<const block::Entry> entries, std::uint16_t* tiles) {
  const std::size_t size = plan.tile_size();
  const std::size_t whole = (entries.size() + kTileLanes - 1) / kTileLanes;
  if (entries.size() % kTileLanes != 0)
    std::fill_n(tiles + (whole - 1) * size, size, std::uint16_t{0});
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const block::Entry& e = entries[i];
    std::uint16_t* at = tiles + i / kTileLanes * size + i % kTileLanes;
    for (std::size_t r = 0; r < plan.rows; ++r, at += kTileLanes)
      std::memcpy(at, e.bits + 2 * r, 2);  // in memory's order, as kernels read ours
    at[0] = e.presence;
    at[kTileLanes] = e.ssn_token;
  }
}

}  // namespace tessera::link
