// How a registrar assigns: who has something new to say, whose entries a comparer's scores are of,
// and what becomes of each record. It opens no entry on any way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/intake/stopped.h"
#include "engine/intake/weighed.h"
#include "engine/registrar/slip_set.h"
#include "engine/registry/registry.h"
#include "engine/slips/mix_file.h"
#include "engine/slips/score_file.h"

namespace tessera::registrar {

// That the registry takes the files, as intake::admit says of encoded ones. Errors: conflict.
Result<void> admit(registry::Registry& registry, const SlipSet& files, bool again);

// The stop switch, as intake::enforce_collection has it: what may not be collected on `day`
// (YYYY-MM-DD) is hidden by `files` from here on, and the comparer takes it out of what it opens.
Result<intake::Enforced> obey_stops(registry::Registry& registry, SlipSet& files,
                                    std::string_view day);
// Handles of the active records of stripped files, sorted; nullopt: no file is stripped.
std::optional<std::vector<encoded::Handle>> stopped_handles(
    const SlipSet& files, const std::vector<intake::Attendance>& attendance);

// Mixes the slips of all records that have something new to say, with the handles of what is
// stored. Errors: limit for fewer records than `least`; conflict, format, io. Gives how many
// records were mixed. REQUIRES: admit passed, stops are obeyed.
Result<std::uint32_t> mix_changed(registry::Registry& registry, const SlipSet& files,
                                  const std::string& path, const seal::KeyPair& signer,
                                  Random& random, AtomicFile::Options options,
                                  std::uint64_t least = slips::kLeastRecords);

// The same decisions that intake::weigh comes to from whole files. Errors (conflict): scores of
// other files, of another moment of the registry or under other stops, handles of nobody, or
// owners' sums that are not those of their entries. Reads only. REQUIRES: admit passed, stops are
// obeyed.
Result<intake::Weighed> weigh(registry::Registry& registry, const SlipSet& files,
                              const slips::ScoreFile& scores, const std::string& where);

// Commits what weigh() decided. The comparer is told which entries are live with the next mix.
// REQUIRES: the registry was opened with Access::write; `weighed` came from it and from `scores`
// just now.
Result<registry::Receipt> commit(registry::Registry& registry, const SlipSet& files,
                                 const slips::ScoreFile& scores, const intake::Weighed& weighed,
                                 Random& random, Progress& progress);

}  // namespace tessera::registrar
