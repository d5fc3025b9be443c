// Seeds of block keys: from a trial's key file, or from what key services answered.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/encode/key_inputs.h"
#include "engine/keys/hmac.h"
#include "engine/keys/key_file.h"
#include "engine/schema/schema.h"

namespace tessera::encode {

// Gives seeds, one thread at a time.
class SeedReader {
 public:
  virtual ~SeedReader() = default;
  // The seed of a block key in pass number `pass`.
  virtual keys::Mac block(std::size_t pass, std::string_view value) = 0;
  // What an SSN's tokens are made of.
  virtual keys::Mac ssn(std::string_view digits) = 0;
};

class Seeds {
 public:
  virtual ~Seeds() = default;
  // One for each thread. Lives no longer than this.
  virtual std::unique_ptr<SeedReader> reader() const = 0;
};

// A trial: HMAC under the shared key file. Whoever holds the file can test guesses.
class OfflineSeeds final : public Seeds {
 public:
  // Both must outlive it.
  OfflineSeeds(const schema::Schema& schema, const keys::ProjectKey& key);
  std::unique_ptr<SeedReader> reader() const override;

 private:
  const schema::Schema& schema_;
  keys::Hmac offline_;
};

// What the services gave for the block keys of one roster. Wiped when it goes.
class ServiceSeeds final : public Seeds {
 public:
  using Output = std::array<std::uint8_t, 64>;
  // outputs[k][i] belongs to inputs[k].values[i]. REQUIRES: sizes fit; inputs are key_inputs() of
  // the schema and of the records that will be encoded. `schema` must outlive it.
  ServiceSeeds(const schema::Schema& schema, std::vector<KeyInputs> inputs,
               std::vector<std::vector<Output>> outputs);
  ~ServiceSeeds() override;
  ServiceSeeds(const ServiceSeeds&) = delete;
  ServiceSeeds& operator=(const ServiceSeeds&) = delete;
  std::unique_ptr<SeedReader> reader() const override;
  const Output& find(std::size_t key, std::string_view value) const;

 private:
  static constexpr std::size_t kOnSsn = static_cast<std::size_t>(-1);
  friend class ServiceReader;
  const schema::Schema& schema_;
  std::vector<KeyInputs> inputs_;
  std::vector<std::vector<Output>> outputs_;
  std::vector<std::size_t> key_of_pass_;  // kOnSsn: from the SSN's value
  std::size_t ssn_key_ = kOnSsn;
};

}  // namespace tessera::encode
