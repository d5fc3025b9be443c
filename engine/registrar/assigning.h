// How a registrar assigns: who has something new to say, whose entries a comparer's scores are of,
// and what becomes of each record. It opens no entry on any way.
#pragma once

#include <optional>
#include <span>
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

// In each of these, `sets` are the files of a batch, one set for each epoch (SlipSet::open_apart).

// That the registry takes the files, as intake::admit says of encoded ones. Errors: conflict.
Result<void> admit(registry::Registry& registry, std::span<const SlipSet> sets, bool again);

// The stop switch, as intake::enforce_collection has it: what may not be collected on `day`
// (YYYY-MM-DD) is hidden by `sets` from here on, and the comparer takes it out of what it opens.
Result<intake::Enforced> obey_stops(registry::Registry& registry, std::span<SlipSet> sets,
                                    std::string_view day);
// Handles of the active records of stripped files, sorted; nullopt: no file is stripped.
std::optional<std::vector<encoded::Handle>> stopped_handles(
    const SlipSet& files, const std::vector<intake::Attendance>& attendance);

// A mix that was written.
struct Mixed {
  std::string path;
  std::string epoch;          // its name
  std::uint32_t records = 0;  // that have something new to say
  std::uint32_t of = 0;
};
// Mixes the slips of all records that have something new to say, with the handles of what is
// stored: one mix for each epoch of the files, the newest into the first of `paths`. Errors: usage
// for another number of paths; limit for fewer records than `least` in a mix; conflict, format, io.
// No mix is written unless all have records enough. REQUIRES: admit passed, stops are obeyed.
Result<std::vector<Mixed>> mix_changed(registry::Registry& registry, std::span<const SlipSet> sets,
                                       const std::vector<std::string>& paths,
                                       const seal::KeyPair& signer, Random& random,
                                       const AtomicFile::Options& options,
                                       std::uint64_t least = slips::kLeastRecords);

// A comparer's scores, and what they are called in messages.
struct Scores {
  slips::ScoreFile file;
  std::string where;
};
// Those of a set's mix. Error (conflict) if there are none.
Result<const Scores*> scores_of(const SlipSet& files, const std::vector<Scores>& scores);

// The same decisions that intake::weigh comes to from whole files, of all epochs together. Errors
// (conflict): scores of other files, of another moment of the registry or under other stops; an
// epoch without scores, or with two; handles of nobody, or owners' sums that are not those of their
// entries. Reads only. REQUIRES: admit passed, stops are obeyed.
Result<intake::Weighed> weigh(registry::Registry& registry, std::span<const SlipSet> sets,
                              const std::vector<Scores>& scores);

// Commits what weigh() decided. The comparer is told which entries are live with the next mix.
// REQUIRES: the registry was opened with Access::write; `weighed` came from it and from `scores`
// just now.
Result<registry::Receipt> commit(registry::Registry& registry, std::span<const SlipSet> sets,
                                 const std::vector<Scores>& scores, const intake::Weighed& weighed,
                                 Random& random, Progress& progress);

}  // namespace tessera::registrar
