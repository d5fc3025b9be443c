// Flags of the verbs that open sealed files: the unit's keys, the register of owners.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "cli/passphrase.h"
#include "engine/core/result.h"
#include "engine/encoded/opening.h"

namespace tessera::cli {

class OpeningOptions {
 public:
  // Adds --open-with, --owners, --collection and --passphrase-file.
  void add_to(CLI::App& verb);
  // For other keys that a verb reads.
  seal::AskPassphrase ask() const { return passphrase_.ask(); }
  bool any() const { return !keys_.empty(); }
  // Reads what was named. The Opening points into this object, which must outlive it.
  Result<encoded::Opening> read();

 private:
  std::vector<std::string> keys_;
  std::string owners_;
  std::string collection_;
  PassphraseOption passphrase_;
  std::vector<std::unique_ptr<seal::KeyPair>> pairs_;
  encoded::Trust trust_;
};

}  // namespace tessera::cli
