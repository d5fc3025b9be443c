// A secret of N bytes that wipes itself and compares in constant time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/core/bytes.h"

namespace tessera {

// Overwrites memory in a way the optimiser may not drop.
void wipe(std::span<std::uint8_t> bytes) noexcept;
// True if equal; time depends on the sizes alone.
bool equal_constant_time(ByteView a, ByteView b) noexcept;
// Switches core dumps off and keeps other processes from reading this one. Call first in main.
void forbid_core_dumps() noexcept;

// Moving a Secret wipes the source; copying is spelled out with clone().
template <std::size_t N>
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::span<const std::uint8_t, N> bytes) {
    std::memcpy(bytes_.data(), bytes.data(), N);
  }
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept : bytes_(other.bytes_) { wipe(other.bytes_); }
  Secret& operator=(Secret&& other) noexcept {
    if (this != &other) {
      bytes_ = other.bytes_;
      wipe(other.bytes_);
    }
    return *this;
  }
  ~Secret() { wipe(bytes_); }

  Secret clone() const { return Secret(std::span<const std::uint8_t, N>(bytes_)); }
  // The bytes themselves; whoever asks for them answers for where they go.
  std::span<const std::uint8_t, N> reveal() const { return bytes_; }
  std::span<std::uint8_t, N> fill() { return bytes_; }

 private:
  std::array<std::uint8_t, N> bytes_{};
};

}  // namespace tessera
