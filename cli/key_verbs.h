// What the verbs of `tessera key` share.
#pragma once

#include <string>

#include "cli/passphrase.h"
#include "cli/verb.h"
#include "engine/core/random.h"
#include "engine/core/secret_text.h"

namespace tessera::cli {

// rotate, revoke, export-public; in cmd_key_change.cpp.
void add_key_changes(CLI::App& key, Action& chosen);

// Writes a key's text with mode 0600, under a passphrase if `locked`.
Result<void> write_private(const std::string& path, const SecretText& text, bool locked,
                           const PassphraseOption& passphrase, Random& random, bool force);

}  // namespace tessera::cli
