// Test values from hexadecimal.
#pragma once

#include <algorithm>
#include <array>

#include "engine/core/bytes.h"
#include "engine/core/secret.h"

namespace tessera::oprf {

template <std::size_t N>
std::array<std::uint8_t, N> from(std::string_view hex) {
  const auto bytes = from_hex(hex);
  std::array<std::uint8_t, N> out{};
  if (bytes && bytes->size() == N) std::ranges::copy(*bytes, out.begin());
  return out;
}
inline Secret<32> secret_from(std::string_view hex) {
  const auto bytes = from<32>(hex);
  return Secret<32>(bytes);
}

}  // namespace tessera::oprf
