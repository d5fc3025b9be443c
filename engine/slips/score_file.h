// Scores: which entries a comparer found to be alike, and how sure. Nothing of an entry is in it.
// docs/format/slips.md has the table.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/slips/signed_file.h"

namespace tessera::slips {

// Two entries and the logit of their being one person's, in tenths of a nat. first < second.
struct ScoredHandles {
  encoded::Handle first = 0;
  encoded::Handle second = 0;
  std::int16_t decinats = 0;
  auto operator<=>(const ScoredHandles&) const = default;
};

struct ScoreHeader {
  Sha256 batch{};          // of the mix
  double pairs_floor = 0;  // least probability, before competition, of a pair that is in it
  std::uint64_t pairs = 0;
};
std::string to_json(const ScoreHeader& header);
Result<ScoreHeader> score_header_from_json(std::string_view text);

// `scores` sorted, each pair of handles once.
Result<void> write_scores(const std::string& path, const ScoreHeader& header,
                          const std::vector<ScoredHandles>& scores, const seal::KeyPair& signer,
                          AtomicFile::Options options);

struct ScoreFile {
  ScoreHeader header;
  std::vector<ScoredHandles> scores;
};
// Checked: signature by `comparer`, length, order, logits within +-400.
Result<ScoreFile> read_scores(const std::string& path, const seal::PublicKey& comparer);

}  // namespace tessera::slips
