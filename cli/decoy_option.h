// --decoys: records of nobody among a roster's own.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "engine/core/result.h"
#include "engine/record/fields.h"
#include "engine/schema/schema.h"
#include "engine/seal/key_pair.h"

namespace tessera::cli {

class DecoyOption {
 public:
  void add_to(CLI::App& verb);
  bool given() const { return share_ > 0; }
  // Adds to `records`, of `roster`, what was asked for. `owner`: null where none was given.
  // Errors: usage.
  Result<void> add(const schema::Schema& schema, const seal::KeyPair* owner,
                   const std::string& roster, std::vector<record::Fields>& records) const;

 private:
  double share_ = 0;  // of the records, so many more
};

}  // namespace tessera::cli
