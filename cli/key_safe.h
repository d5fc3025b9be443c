// Joins key files' passphrases to the key service's file, whose seeds they lock.
#pragma once

#include <string>

#include "cli/passphrase.h"
#include "engine/keyserver/state.h"

namespace tessera::cli {

// Locks and opens seeds under `words`, as key files are locked.
keyserver::Safe safe_under(SecretText words);
// The state of a key service. Asks for the passphrase if its seeds are locked, and makes sure that
// it is the right one.
Result<keyserver::State> open_unlocked(const std::string& path, const PassphraseOption& passphrase);

}  // namespace tessera::cli
