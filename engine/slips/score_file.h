// Scores: which entries a comparer found to be alike, and how sure. Nothing of an entry is in it.
// docs/format/slips.md has the table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/digest.h"
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

// What a comparer answers beside the pairs to a mix for assigning.
struct Answering {
  Sha256 moment{};       // of the mix
  Checksum payloads{};   // what all its entries come to, to be held against what owners said
  Checksum bare{};       // the same of what is left of them without SSNs
  double automatic = 1;  // probability from which a link needs no person
  double review = 1;     // and from which a person looks
  std::uint64_t crowds = 0;
  std::uint64_t crowded = 0;               // handles of all crowds
  std::optional<std::uint64_t> stopped{};  // as Standing::stopped of the mix
  std::uint64_t dropped = 0;               // of ScoreFile::dropped
};

struct ScoreHeader {
  Sha256 batch{};          // of the mix
  double pairs_floor = 0;  // least probability, before competition, of a pair that is in it
  std::uint64_t pairs = 0;
  std::optional<Answering> answering{};  // absent: of a mix that was linked
};

// The entries of one block that holds more than is harmless: of the mix and stored ones.
struct CrowdHandles {
  std::uint32_t pass = 0;
  std::vector<encoded::Handle> handles;  // sorted
};
std::string to_json(const ScoreHeader& header);
Result<ScoreHeader> score_header_from_json(std::string_view text);

struct ScoreFile {
  ScoreHeader header;
  std::vector<ScoredHandles> scores{};
  std::vector<CrowdHandles> crowds{};
  // Sorted: entries of passes on the SSN that were taken out of the mix, and are stored nowhere.
  std::vector<encoded::Handle> dropped{};
};
// `file.scores` sorted, each pair of handles once; counts as the header says.
Result<void> write_scores(const std::string& path, const ScoreFile& file,
                          const seal::KeyPair& signer, AtomicFile::Options options);
// Checked: signature by `comparer`, length, order, logits within +-400, crowds of two and more.
Result<ScoreFile> read_scores(const std::string& path, const seal::PublicKey& comparer);

}  // namespace tessera::slips
