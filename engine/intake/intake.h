// A batch of encoded files against the registry: whom each record may be, weighed and decided.
#pragma once

#include <span>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/intake/weighed.h"
#include "engine/link/files.h"
#include "engine/link/matcher.h"
#include "engine/registry/registry.h"

namespace tessera::intake {

// Checks that the registry takes the files, looks every record key up, compares new and changed
// records with the stored entries of equal tags and with each other, and decides. Reads only.
// Records that have an ID and an unchanged payload are not compared again.
// Errors: conflict (another schema, key or protection), limit, format, io.
//
// `sets`: the files, one set for each epoch. The newest one's records are the batch's, and the
// decisions stand in their order; what older epochs' files say of them counts as well.
Result<Weighed> weigh(registry::Registry& registry, std::span<link::FileSet> sets,
                      const link::Matcher& matcher, Progress& progress, const WhatIf& what_if = {});

// Stages the entries of new and changed records, then commits everything at one moment.
// REQUIRES: the registry was opened with Access::write; `weighed` came from it just now.
Result<registry::Receipt> commit(registry::Registry& registry, std::span<link::FileSet> sets,
                                 const Weighed& weighed, Random& random, Progress& progress);

}  // namespace tessera::intake
