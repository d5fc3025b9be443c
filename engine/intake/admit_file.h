// Whether a registry takes one file at all, by its header alone.
#pragma once

#include <span>
#include <string>

#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/registry/epoch.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// A file as intake meets it: encoded, or of slips. Views.
struct Arrival {
  const encoded::Header& header;
  Sha256 digest{};
  const std::string& path;
  bool sealed = false;
  std::span<const encoded::JoinRecord> records{};  // by key
};

// See admit(): everything but what needs the whole batch, and Registry::accepts.
Result<void> admit_file(registry::Registry& registry, const registry::Epoch& epoch,
                        const Arrival& file, bool again);

}  // namespace tessera::intake
