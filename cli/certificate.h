// Certificates of the registry: JSON that its key signed as a whole.
#pragma once

#include <string>

#include "cli/verb.h"
#include "engine/core/json.h"
#include "engine/core/signature.h"
#include "engine/ledger/signed_head.h"

namespace tessera::cli {

// Adds "signature", over the canonical JSON of the rest after a label of its own, and writes it.
Result<void> write_certificate(const std::string& path, json::Value certificate,
                               const SigningKey& key, bool force);
// Error `format` unless the file is a certificate as this key signed it.
Result<void> check_certificate(const std::string& path, const PublicKey& key);
// Adds the verb `check`, which does that. `help` says of what; `example`: the command of its
// footer.
void add_certificate_check(CLI::App& group, Action& chosen, const char* help, const char* example);

// A signed head as certificates and answers show it: seq, hash, signature.
json::Value to_json(const ledger::SignedHead& head);
std::string head_text(const ledger::Head& head);  // "seq hash"

}  // namespace tessera::cli
