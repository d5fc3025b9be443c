// --lost: the registry that a restore replaced, whose IDs go to the same people again.
#pragma once

#include <optional>
#include <string>

#include "cli/verb.h"
#include "engine/core/result.h"
#include "engine/registry/lost_ids.h"

namespace tessera::cli {

class LostOption {
 public:
  void add_to(CLI::App& verb);
  // Has the batch look into it, if it was named. Must outlive the commit.
  Result<void> look_into(registry::Registry& registry, registry::Batch& batch);
  // Standard error: how many of the IDs issued are from there.
  void say(const registry::Receipt& receipt) const;

 private:
  std::string path_;
  std::optional<registry::LostIds> lost_;
};

}  // namespace tessera::cli
