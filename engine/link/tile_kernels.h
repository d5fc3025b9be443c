// What the kernel files hand to the list in tile.cpp. Only this room includes it.
#pragma once

#include "engine/link/tile.h"

namespace tessera::link {

using CompareTile = void(const TilePlan&, const block::Entry&, const std::uint16_t*,
                         std::uint32_t*);
CompareTile compare_tile_portable, compare_tile_avx2, compare_tile_avx512;

}  // namespace tessera::link
