// The parts of 'tessera split', one source each, and what they share.
#pragma once

#include <string>
#include <vector>

#include "cli/verb.h"
#include "engine/registrar/assigning.h"
#include "engine/seal/key_text.h"

namespace tessera::cli {

// Of the other office. Error usage if the key is of another kind.
Result<seal::PublicKey> read_office(const std::string& path);

// An office's own signing key. Error usage if it is of another kind.
Result<seal::KeyPair> read_office_signer(const std::string& path, const seal::AskPassphrase& ask);

// What a comparer made of the mixes of a batch.
Result<std::vector<registrar::Scores>> read_all_scores(const std::vector<std::string>& paths,
                                                       const seal::PublicKey& comparer);

void add_split_ask(CLI::App& group, Action& chosen);
void add_split_evidence(CLI::App& group, Action& chosen);
void add_split_purge(CLI::App& group, Action& chosen);

}  // namespace tessera::cli
