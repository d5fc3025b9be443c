// The same people for both deployments: encoded files, and files of slips, of each owner.
#pragma once

#include <string>
#include <vector>

#include "engine/encoded/opening.h"
#include "tests/encoded/sealed_sample.h"
#include "tests/link/submissions.h"

namespace tessera::test {

// Several owners who share people, families and twins among them; more than a mix asks for.
class SplitPeople {
 public:
  // Writes owner-N.tess and owner-N.slips for each of `owners` into the folder.
  SplitPeople(const std::string& folder, const schema::Schema& schema, std::size_t owners,
              std::size_t each, std::uint64_t seed);
  const std::vector<std::string>& plain() const { return plain_; }
  const std::vector<std::string>& slips() const { return slips_; }
  encoded::Opening registrars() const { return {nullptr, &join_, &trust_}; }
  const seal::KeyPair& entries() const { return entries_; }

 private:
  seal::KeyPair entries_ = samples::fixed_pair(seal::Use::entries);
  seal::KeyPair join_ = samples::fixed_pair(seal::Use::join);
  encoded::Trust trust_;
  std::vector<std::string> plain_, slips_;
};

}  // namespace tessera::test
