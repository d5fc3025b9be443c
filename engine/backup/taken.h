// What was taken out of a registry for good after a backup of it was made: the copy still has it,
// so it is taken out again of what comes back.
#pragma once

#include <string>
#include <vector>

#include "engine/backup/backup.h"
#include "engine/core/random.h"
#include "engine/registry/events.h"

namespace tessera::backup {

struct Taken {
  bool ssns = false;  // purged
  std::vector<registry::EpochEnded> epochs;
  std::vector<registry::Destroyed> people;  // one for each destruction
};
// As the chain of `later` tells it: the live registry, the damaged one that was kept, or the
// registry of a younger backup. Error `conflict` if its chain does not contain the backup's head.
Result<Taken> taken_since(const Manifest& manifest, const std::string& later);

// Whether the registry at `path` (restored, or in a backup's folder) still has any of it.
Result<bool> holds(const std::string& path, const Taken& taken);
// Whether it has anybody archived who could have been destroyed since, or an epoch that could have
// ended: for who must restore without knowing.
Result<bool> may_hold(const std::string& path);

struct TakenAgain {
  std::int64_t people = 0;   // IDs, of which something went
  std::int64_t entries = 0;  // of people and epochs
  std::int64_t epochs = 0;
  std::int64_t ssns = 0;  // records
};
// Ends those epochs, destroys those records and purges SSNs, each told by an event of the copy's
// own chain, under the same names and reasons. For a registry just restored, with its signing key
// beside it; `day` (YYYY-MM-DD) is from when SSNs are stopped. Killed half way, do it again. Error
// `conflict` if an epoch that has ended is the only live one here: all that this backup has of
// entries is under keys that are to be forgotten.
Result<TakenAgain> take_again(const std::string& path, const Taken& taken, const std::string& day,
                              Random& random, Progress& progress);

}  // namespace tessera::backup
