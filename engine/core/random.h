// The one source of random bytes, handed to whoever needs it. Only test builds can seed it.
#pragma once

#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <utility>
#include <vector>

namespace tessera {

class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  std::uint64_t next64();
  // Uniform in [0, bound), without bias. REQUIRES: bound > 0.
  std::uint64_t below(std::uint64_t bound);
};

// The system's generator. Not seedable; buffered, so cheap for small draws. Not thread safe.
std::unique_ptr<Random> system_random();
#ifdef TESSERA_SEEDABLE
// Reproducible bytes for tests; a release build does not contain it.
std::unique_ptr<Random> seeded_random(std::uint64_t seed);
#endif

// SplitMix64 with a stream number: the laboratory's generator. Never for an ID, key or handle.
class Splitmix {
  __extension__ using Wide = unsigned __int128;

 public:
  explicit Splitmix(std::uint64_t seed, std::uint64_t stream = 0)
      : state_(seed * 0x9e3779b97f4a7c15ULL + stream * 0xd1342543de82ef95ULL) {
    next();
  }
  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }
  double uniform() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }  // [0, 1)
  std::uint64_t below(std::uint64_t bound) {  // bias below 2^-32 for bounds below 2^32
    return static_cast<std::uint64_t>((static_cast<Wide>(next()) * bound) >> 64);
  }
  bool chance(double p) { return uniform() < p; }

 private:
  std::uint64_t state_;
};

// Puts the list into an order drawn by chance, every one alike likely (Fisher and Yates, as in
// Knuth, TAOCP 2, 3.4.2 P). Source: Random or Splitmix.
template <class T, class Source>
void shuffle(std::vector<T>& list, Source& random) {
  for (std::size_t i = list.size(); i > 1; --i) std::swap(list[i - 1], list[random.below(i)]);
}
// 0 .. n - 1, shuffled.
template <class Source>
std::vector<std::uint32_t> shuffled(std::uint32_t n, Source& random) {
  std::vector<std::uint32_t> out(n);
  std::iota(out.begin(), out.end(), 0U);
  shuffle(out, random);
  return out;
}

}  // namespace tessera
