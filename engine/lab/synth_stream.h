// Streams of the laboratory's generator: one per (seed, purpose, key), so that any person can be
// made alone, on any thread, with the same bytes.
#pragma once

#include <cstdint>

#include "engine/core/random.h"

namespace tessera::lab {

enum class Purpose : std::uint64_t {
  households = 1,
  family,
  person,
  stranger,
  renaming,
  moves,
  schooling,
  adult,
  copy,
  typing,
  ssn,
  district,
  local_id,
  wage,
  college
};

// A 64-bit mix (the finaliser of SplitMix64): equal inputs, equal output; order matters.
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b = 0, std::uint64_t c = 0) {
  std::uint64_t z = a;
  for (const std::uint64_t v : {b, c}) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    z = (z ^ (z >> 31)) + v * 0x9e3779b97f4a7c15ULL + 0x632be59bd9b4e019ULL;
  }
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31);
}

inline Splitmix stream(std::uint64_t seed, Purpose purpose, std::uint64_t key) {
  return Splitmix(mix(seed, static_cast<std::uint64_t>(purpose), key));
}

// A permutation of 0..size-1 without visible order: four Feistel rounds, walked back into range.
// REQUIRES: x < size, 0 < size <= 2^32.
inline std::uint32_t permuted(std::uint64_t x, std::uint64_t size, std::uint64_t key) {
  unsigned half = 1;
  while ((std::uint64_t{1} << (2 * half)) < size) ++half;
  const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
  do {
    std::uint64_t left = x >> half, right = x & mask;
    for (std::uint64_t round = 0; round < 4; ++round) {
      const std::uint64_t next = left ^ (mix(key, round, right) & mask);
      left = right;
      right = next;
    }
    x = left << half | right;
  } while (x >= size);
  return static_cast<std::uint32_t>(x);
}

}  // namespace tessera::lab
