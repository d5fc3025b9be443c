// From a roster's fields to the encoded file's columns: the only room that sees a name and a key.
#pragma once

#include <span>
#include <string>

#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/core/secret.h"
#include "engine/encode/draft.h"
#include "engine/keys/key_file.h"

namespace tessera::encode {

// Encodes all records. A record key is HMAC(owner's secret, population and local ID): a student and
// a member of staff who share a local ID share nothing else. `random` draws the handles only;
// everything else is a function of the keys and values, so that a resubmission is recognised. Any
// thread count gives the same columns. REQUIRES: as for Draft.
Encoded encode(const schema::Schema& schema, std::span<const record::Fields> records,
               const Secrets& secrets, encoded::Population population, Random& random,
               Progress& progress);
// In trial mode: seeds come from the shared key file, and the owner's secret too unless it has one
// of its own (`own`).
Encoded encode(const schema::Schema& schema, std::span<const record::Fields> records,
               const keys::ProjectKey& key, const std::string& owner,
               encoded::Population population, Random& random, Progress& progress,
               const Secret<32>* own = nullptr);

// The same in trial mode as a draft that empties the records; see Draft.
Draft draft(const schema::Schema& schema, std::span<record::Fields> records,
            const keys::ProjectKey& key, const std::string& owner, encoded::Population population,
            Random& random, Progress& progress, const Secret<32>* own = nullptr);

}  // namespace tessera::encode
