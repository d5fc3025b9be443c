// The locator: one encoded question gets one ID, or none, and never a list.
#pragma once

#include <cstdint>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/link/files.h"
#include "engine/link/matcher.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// What the asker is told. `contact`: somebody may be meant, and a person at the state has to look.
enum class Reply : std::uint8_t { found, none, contact };

struct Located {
  Reply reply = Reply::contact;
  registry::StateId id = 0;  // of `found` alone
  bool outside = false;      // of `found`: the asker's owner holds no record of that person
};

// Whether the one record of `files` could not single a person out: not every mandatory pass, or
// fewer than three passes, have a real entry, which takes a full date of birth and two names.
bool asks_too_little(const link::FileSet& files);

// Decides the one record of `files` as `assign` would decide a new one. Stores nothing. REQUIRES:
// files.records() == 1, and it asks enough.
Result<Located> locate(registry::Registry& registry, link::FileSet& files,
                       const link::Matcher& matcher, Progress& progress);

}  // namespace tessera::intake
