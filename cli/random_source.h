// Where a verb's random draws come from: the system; in test builds also a seed.
#pragma once

#include <memory>

#include <CLI/CLI.hpp>

#include "engine/core/random.h"

namespace tessera::cli {

class SeedOption {
 public:
  // Adds --test-seed where the build allows it. A release has no such flag.
  void add_to([[maybe_unused]] CLI::App& verb) {
#ifdef TESSERA_SEEDABLE
    verb.add_option("--test-seed", seed_, "reproducible random draws (test builds only)")
        ->group("");
#endif
  }
  std::unique_ptr<Random> source() const {
#ifdef TESSERA_SEEDABLE
    if (seed_ != 0) return seeded_random(seed_);
#endif
    return system_random();
  }

 private:
#ifdef TESSERA_SEEDABLE
  std::uint64_t seed_ = 0;
#endif
};

}  // namespace tessera::cli
