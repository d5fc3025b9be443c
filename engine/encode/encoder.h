// From a roster's fields to the encoded file's columns: the only room that sees a name and a key.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/secret.h"
#include "engine/encode/seeds.h"
#include "engine/encoded/format.h"
#include "engine/keys/key_file.h"
#include "engine/record/fields.h"
#include "engine/schema/schema.h"

namespace tessera::encode {

struct Encoded {
  std::vector<encoded::PassColumns> passes;  // sorted
  std::vector<encoded::JoinRecord> records;  // sorted by key
  std::vector<encoded::JoinHandle> handles;  // sorted by handle
  std::vector<std::pair<encoded::RecordKey, std::string>>
      map;                                  // record key, local ID; sorted by key
  std::vector<std::uint64_t> real_entries;  // per pass, the rest are dummies
  std::uint64_t without_evidence = 0;       // records with no real entry in any pass
};

// What entries are made of beside the values. All must outlive the call.
struct Secrets {
  const Secret<32>& project;  // shared by the project's owners
  const Secret<32>& owner;    // the owner's own: record keys and dummies
  const Seeds& seeds;
};

// Encodes all records. A record key is HMAC(owner's secret, population and local ID): a student and
// a member of staff who share a local ID share nothing else. `random` draws the handles only;
// everything else is a function of the keys and values, so that a resubmission is recognised. Any
// thread count gives the same columns. REQUIRES: every record has one value per schema field, and
// local IDs are unique.
Encoded encode(const schema::Schema& schema, std::span<const record::Fields> records,
               const Secrets& secrets, encoded::Population population, Random& random,
               Progress& progress);
// In trial mode: seeds come from the shared key file, and the owner's secret too unless it has one
// of its own (`own`).
Encoded encode(const schema::Schema& schema, std::span<const record::Fields> records,
               const keys::ProjectKey& key, const std::string& owner,
               encoded::Population population, Random& random, Progress& progress,
               const Secret<32>* own = nullptr);

}  // namespace tessera::encode
