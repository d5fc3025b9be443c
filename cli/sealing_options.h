// The owner's key, and to whom a file is sealed: --owner-key, --seal-to, --collection, --expires.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "engine/core/result.h"
#include "engine/encoded/sealed_writer.h"
#include "engine/seal/key_pair.h"
#include "engine/seal/locked.h"

namespace tessera::cli {

// Without --seal-to the file is not sealed. The sealing names its owner only once it is written.
struct Ceremony {
  std::optional<seal::KeyPair> owner;
  std::optional<encoded::Sealing> sealing;
};

class SealingOptions {
 public:
  void add_to(CLI::App& verb);
  // For verbs whose sealed files may be files of slips, too.
  void add_one_by_one(CLI::App& verb);
  // `owner`: the name that the key must have. Errors: usage for a key of another use or owner, and
  // for what belongs together and was not given together; those of reading the keys.
  Result<Ceremony> read(const std::string& owner, const seal::AskPassphrase& ask) const;
  bool one_by_one() const { return one_by_one_; }
  const std::string& owner_key() const { return owner_key_; }
  // The files that read() reads.
  std::vector<std::string> paths() const;

 private:
  Result<void> read_units(encoded::Sealing& out) const;

  std::string owner_key_;
  std::vector<std::string> seal_to_;
  std::string collection_;
  std::string expires_;
  bool one_by_one_ = false;  // a file of slips, for a split linkage unit
};

}  // namespace tessera::cli
