// What a registry and its entry store agree on before either is opened.
#pragma once

#include <array>
#include <cstdint>

namespace tessera::registry {

enum class Access : std::uint8_t { read, write };

// Names a registry; its entry store carries the same one.
using RegistryName = std::array<std::uint8_t, 16>;

}  // namespace tessera::registry
