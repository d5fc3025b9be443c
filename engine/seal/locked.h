// A key file under a passphrase: scrypt makes a key of it, and that key locks the whole text.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "engine/core/random.h"
#include "engine/core/result.h"
#include "engine/core/secret_text.h"

namespace tessera::seal {

// Cost of one guess: scrypt (RFC 7914) with these parameters, 128 * n * r bytes of memory.
struct LockCost {
  std::uint64_t n = 1 << 17;  // power of two
  std::uint32_t r = 8;
  std::uint32_t p = 1;
};

// Format: docs/format/key-file.md.
std::string lock(const SecretText& text, const SecretText& passphrase, Random& random,
                 LockCost cost = {});
bool is_locked(std::string_view text);
// Error `crypto`: not a locked file, costs out of bounds (1 GiB at most), a wrong passphrase.
Result<SecretText> unlock(std::string_view text, const SecretText& passphrase);

// Where a passphrase comes from when the file at `path` needs one: a file, a descriptor, a
// terminal.
using AskPassphrase = std::function<Result<SecretText>(const std::string& path)>;

// The text of a private file, unlocked if it is locked. Errors: `crypto` if others may read the
// file.
Result<SecretText> read_private(const std::string& path, const AskPassphrase& ask);
// The same of what was read from there already: a pipe gives it once.
Result<SecretText> unlock_private(SecretText text, const std::string& path,
                                  const AskPassphrase& ask);

}  // namespace tessera::seal
