// Which files a registry takes at all, before anything in them is compared.
#pragma once

#include "engine/core/result.h"
#include "engine/intake/by_epoch.h"
#include "engine/link/files.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// Every file fits the registry (Registry::accepts) and is no question of the locator. A registry
// that is no trial's takes sealed files only. Sealed files are taken once (`again`: once more, if
// asked), and only by a registry that knows the project key's check value, so that a wrong key is
// noticed at the first file and not as records that never meet. Of more than one live epoch, new
// records come under all of them (require_every_epoch). Error (conflict) with the file and the
// remedy. For slips: admit of epoch_records.h.
Result<void> admit(registry::Registry& registry, std::span<link::FileSet> sets, bool again);

}  // namespace tessera::intake
