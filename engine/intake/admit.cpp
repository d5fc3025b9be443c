// Encoded files, by epoch.
#include "engine/intake/admit.h"

#include "engine/intake/by_epoch.h"

namespace tessera::intake {

Result<void> admit(registry::Registry& registry, std::span<link::FileSet> sets, bool again) {
  TESSERA_TRY(const std::vector<EpochFiles> batch, by_epoch(registry, sets));
  return admit(registry, records_of(batch), again);
}

}  // namespace tessera::intake
