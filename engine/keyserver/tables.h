// The tables of a key service's file.
#pragma once

#include <cstdint>
#include <string_view>

#include "engine/ledger/database.h"

namespace tessera::keyserver {

inline constexpr std::uint32_t kApplication = 0x54534b53;  // "TSKS"
inline constexpr std::uint32_t kVersion = 2;  // 1: seeds in clear alone

std::string_view ddl();
ledger::Database::Options options(ledger::Database::Mode mode);

}  // namespace tessera::keyserver
