// Whose secrets entries are made of in a trial; the rest is the draft's.
#include "engine/encode/encoder.h"

#include "engine/encode/key_inputs.h"
#include "engine/keys/hmac.h"

namespace tessera::encode {
namespace {

// In a trial the owner's own secret is derived from the shared key; with a key service it is the
// owner's alone (docs/decisions/0008 says what that costs).
Secret<32> trial_owner_secret(const keys::ProjectKey& key, const std::string& owner) {
  Bytes label;
  append_sized(label, "tessera owner secret 1");
  append_sized(label, owner);
  keys::Mac secret = keys::Hmac(key.offline.reveal())(label);
  Secret<32> out(secret);
  wipe(secret);
  return out;
}

Draft trial_draft(const schema::Schema& schema, std::span<const record::Fields> records,
                  std::span<record::Fields> spent, const keys::ProjectKey& key,
                  const std::string& owner, encoded::Population population, Random& random,
                  Progress& progress, const Secret<32>* own) {
  const Secret<32> secret = own != nullptr ? own->clone() : trial_owner_secret(key, owner);
  const OfflineSeeds seeds(schema, key);
  return {schema, records, spent, {key.project, secret, seeds}, population, random, progress};
}

}  // namespace

Encoded encode(const schema::Schema& schema, std::span<const record::Fields> records,
               const Secrets& secrets, encoded::Population population, Random& random,
               Progress& progress) {
  return Draft(schema, records, {}, secrets, population, random, progress).whole();
}

Encoded encode(const schema::Schema& schema, std::span<const record::Fields> records,
               const keys::ProjectKey& key, const std::string& owner,
               encoded::Population population, Random& random, Progress& progress,
               const Secret<32>* own) {
  return trial_draft(schema, records, {}, key, owner, population, random, progress, own).whole();
}

Draft draft(const schema::Schema& schema, std::span<record::Fields> records,
            const keys::ProjectKey& key, const std::string& owner, encoded::Population population,
            Random& random, Progress& progress, const Secret<32>* own) {
  return trial_draft(schema, records, records, key, owner, population, random, progress, own);
}

}  // namespace tessera::encode
