// Where a verb gets passphrases: a file or descriptor, else the terminal. Never an argument.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "engine/core/result.h"
#include "engine/core/secret_text.h"
#include "engine/seal/locked.h"

namespace tessera::cli {

class PassphraseOption {
 public:
  // Adds --passphrase-file.
  void add_to(CLI::App& verb);
  bool given() const { return !file_.empty(); }
  // For reading locked files: the file's first line, or what is typed at the terminal.
  seal::AskPassphrase ask() const;
  // For locking a new one: the file's first line, or typed twice. Error if it is empty.
  Result<SecretText> choose() const;

 private:
  std::string file_;
};

}  // namespace tessera::cli
