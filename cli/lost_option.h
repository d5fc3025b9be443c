// --lost, for the verbs that issue state IDs.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "engine/registry/registry.h"

namespace tessera::cli {

// The registry that a restore replaced.
struct LostOption {
  std::string path;
  void add_to(CLI::App& verb);
  // Where it was given: who had an ID there gets it again.
  Result<void> recall(registry::Registry& registry) const;
  // And how many did, of a batch.
  void say(const registry::Receipt& receipt) const;
};

}  // namespace tessera::cli
