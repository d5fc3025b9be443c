// File after file, then what holds of all together.
#include "engine/intake/admit.h"

#include "engine/intake/admit_file.h"

namespace tessera::intake {

Result<void> admit(registry::Registry& registry, std::span<link::FileSet> sets, bool again) {
  TESSERA_TRY(const std::vector<EpochFiles> batch, by_epoch(registry, sets));
  for (const EpochFiles& e : batch)
    for (const encoded::File& file : e.files->files())
      TESSERA_CHECK(admit_file(registry, *e.epoch,
                               {file.header(), file.digest(), file.path(), file.sealed()}, again));
  return require_every_epoch(registry, batch);
}

}  // namespace tessera::intake
