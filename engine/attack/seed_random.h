// Keys, handles and IDs of the laboratory come from a seed, so that a figure can be made again.
#pragma once

#include "engine/core/random.h"

namespace tessera::attack {

class SeedRandom final : public Random {
 public:
  explicit SeedRandom(std::uint64_t seed) : rng_(seed, 4242) {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out) byte = static_cast<std::uint8_t>(rng_.next() >> 32);
  }

 private:
  Splitmix rng_;
};

}  // namespace tessera::attack
