// What the registrar hands on, and what it makes of the answer: it opens no entry on either way.
#pragma once

#include <string>
#include <vector>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/link/pipeline.h"
#include "engine/registrar/slip_set.h"
#include "engine/slips/score_file.h"

namespace tessera::registrar {

// Error (limit) for fewer records than that.
Result<void> require_enough(std::uint64_t records, std::uint64_t least);

// Puts the slips of all files into one heap per pass. Error (limit) for fewer than
// slips::kLeastRecords records.
Result<void> mix(const SlipSet& files, const std::string& path, const seal::KeyPair& signer,
                 Random& random, AtomicFile::Options options);

// Pairs of records from pairs of entries: of several the strongest, sorted by (a, b). `pass` and
// `pattern` say nothing: no comparer tells. Errors (conflict): scores of another batch, a handle of
// nobody, a pair inside one file.
Result<std::vector<link::Pair>> pairs_of(const slips::ScoreFile& scores, const SlipSet& files,
                                         const std::string& where);

}  // namespace tessera::registrar
