// Flags and steps of encoding with key services: over the network, or by file.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/encode/seeds.h"
#include "engine/keyclient/by_file.h"
#include "engine/record/fields.h"
#include "engine/seal/key_pair.h"

namespace tessera::cli {

class KeyServiceOptions {
 public:
  // Adds --keyserver, --keyserver-ca, --key-request and --key-answer.
  void add_to(CLI::App& verb);
  bool given() const { return !urls_.empty() || !request_.empty() || !answers_.empty(); }

  // Seeds for all of the records' block keys; nullptr if requests were written instead, and answers
  // are still to come. `output` is the encoded file to be written: what services answered is kept
  // beside it until finish(). REQUIRES: the schema names key services.
  Result<std::unique_ptr<encode::Seeds>> seeds(const schema::Schema& schema,
                                               std::span<const record::Fields> records,
                                               const seal::KeyPair& owner,
                                               const std::string& output, bool force,
                                               Random& random, Progress& progress);
  // The encoded file stands: what was kept goes.
  void finish();

 private:
  Result<std::optional<keyclient::Outputs>> ask_online(
      const keyclient::Plan& plan, const keyclient::Asker& asker,
      const std::vector<keyclient::Question>& questions, const std::string& output,
      Progress& progress);
  Result<std::optional<keyclient::Outputs>> ask_by_file(
      const keyclient::Plan& plan, const keyclient::Asker& asker,
      const std::vector<keyclient::Question>& questions, bool force, Progress& progress);

  std::vector<std::string> urls_;
  std::string authorities_;
  std::string request_;
  std::vector<std::string> answers_;
  std::string kept_path_;
};

}  // namespace tessera::cli
