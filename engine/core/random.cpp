#include "engine/core/random.h"

#include <array>
#include <cstdlib>
#include <cstring>

#include <openssl/rand.h>

#include "engine/core/bytes.h"
#include "engine/core/secret.h"

namespace tessera {
namespace {

class SystemRandom final : public Random {
 public:
  ~SystemRandom() override { wipe(pool_); }
  void fill(std::span<std::uint8_t> out) override {
    while (!out.empty()) {
      if (used_ == pool_.size()) {
        // A generator that fails must stop us: a predictable ID or handle is worse than none.
        if (RAND_bytes(pool_.data(), static_cast<int>(pool_.size())) != 1) std::abort();
        used_ = 0;
      }
      const std::size_t n = std::min(out.size(), pool_.size() - used_);
      std::memcpy(out.data(), pool_.data() + used_, n);
      wipe(std::span(pool_).subspan(used_, n));
      used_ += n;
      out = out.subspan(n);
    }
  }

 private:
  std::array<std::uint8_t, 4096> pool_{};
  std::size_t used_ = pool_.size();
};

#ifdef TESSERA_SEEDABLE
class SeededRandom final : public Random {
 public:
  explicit SeededRandom(std::uint64_t seed) : generator_(seed) {}
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& b : out) b = static_cast<std::uint8_t>(generator_.next() >> 32);
  }

 private:
  Splitmix generator_;
};
#endif

}  // namespace

std::uint64_t Random::next64() {
  std::array<std::uint8_t, 8> bytes{};
  fill(bytes);
  return load_le<std::uint64_t>(bytes.data());
}

std::uint64_t Random::below(std::uint64_t bound) {
  const std::uint64_t limit = bound * (UINT64_MAX / bound);  // the largest multiple that fits
  for (;;) {
    const std::uint64_t draw = next64();
    if (draw < limit) return draw % bound;
  }
}

std::unique_ptr<Random> system_random() { return std::make_unique<SystemRandom>(); }
#ifdef TESSERA_SEEDABLE
std::unique_ptr<Random> seeded_random(std::uint64_t seed) {
  return std::make_unique<SeededRandom>(seed);
}
#endif

}  // namespace tessera
