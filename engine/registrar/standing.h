// Where a batch of slips stands in a registry: both halves of assigning begin with it.
#pragma once

#include <vector>

#include "engine/core/digest.h"
#include "engine/core/result.h"
#include "engine/intake/crowd.h"
#include "engine/intake/weighed.h"
#include "engine/registrar/slip_set.h"
#include "engine/registry/registry.h"

namespace tessera::registrar {

// Who is known, and who has something new to say.
struct Roll {
  intake::Weighed weighed;                     // batch, what is known of each key, and no decision
  std::vector<intake::Attendance> attendance;  // per record
  std::vector<intake::Crowd::File> files;
  // Looks every record key up, with what its owner says its entries come to.
  static Result<Roll> call(registry::Registry& registry, const SlipSet& files);
  Result<intake::Crowd> crowd(registry::Registry& registry) const;
};

// The hash of the registry's head.
Result<Sha256> moment_of(registry::Registry& registry);
// SlipSet::batch() of the files that the registry took in last; zeros if none.
Result<Sha256> last_batch_of(registry::Registry& registry);

}  // namespace tessera::registrar
