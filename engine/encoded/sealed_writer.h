// Writes a sealed file: sections sealed to the linkage unit, the front signed by the owner.
#pragma once

#include <string>
#include <vector>

#include "engine/core/file.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/encoded/source.h"
#include "engine/seal/key_pair.h"

namespace tessera::encoded {

// Whose name stands under it, for whom it is, and until when.
struct Sealing {
  const seal::KeyPair* owner = nullptr;  // Use::owner, of the header's owner
  seal::PublicKey entries;               // Use::entries
  seal::PublicKey join;                  // Use::join
  std::string collection;
  std::string expires;  // YYYY-MM-DD
};

// Error (usage): keys of another use or owner than they are to have.
Result<void> check_sealing(const Header& header, const Sealing& sealing);

// As write(), sealed. Two runs give different bytes: every section has a key of its own, drawn by
// libsodium. Errors (usage) more than write()'s: keys of another use or owner, a collection or day
// that is none, missing tokens.
Result<void> write_sealed(const std::string& path, const Header& header, Source& source,
                          const Sealing& sealing, AtomicFile::Options options);
// From columns held in memory.
Result<void> write_sealed(const std::string& path, const Header& header,
                          const std::vector<PassColumns>& passes,
                          const std::vector<JoinRecord>& records,
                          const std::vector<JoinHandle>& handles, const Sealing& sealing,
                          AtomicFile::Options options);

}  // namespace tessera::encoded
