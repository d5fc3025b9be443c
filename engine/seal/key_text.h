// Key pairs, public keys and revocations as text files. Formats: docs/format/key-file.md.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/core/file.h"
#include "engine/core/result.h"
#include "engine/core/secret_text.h"
#include "engine/seal/key_pair.h"
#include "engine/seal/locked.h"
#include "engine/seal/signature.h"

namespace tessera::seal {

// A public key, and, if it takes another's place, that other's signature on it.
struct PublicFile {
  PublicKey key;
  std::optional<PublicBytes> before;
  std::optional<Signature> signature;  // by `before`; checked when read
};

// An owner's word that a key of its own is not to be trusted from a day on.
struct Revocation {
  PublicKey key;
  std::string day;  // YYYY-MM-DD
};

bool is_name(std::string_view text);  // of an organisation: [A-Za-z0-9._-]{1,64}

SecretText to_text(const KeyPair& pair);
// Error `crypto`: cut short, a line too many, a public half that is not the secret's. `where` goes
// into the error; the text never does.
Result<KeyPair> pair_from_text(std::string_view text, const std::string& where);
bool is_pair(std::string_view text);

// The public half, on its own or in the place of `before`.
std::string public_text(const KeyPair& pair, const KeyPair* before);
// Error `crypto` also if the key is no point of its curve, or the signature of `before` is not
// right.
Result<PublicFile> public_from_text(std::string_view text, const std::string& where);
Result<PublicFile> read_public(const std::string& path);

// REQUIRES: signs(pair.open.use).
std::string revocation_text(const KeyPair& pair, const std::string& day);
Result<Revocation> revocation_from_text(std::string_view text, const std::string& where);

// Reads a pair from a private file; `ask` is called if it is locked.
Result<KeyPair> read_pair(const std::string& path, const AskPassphrase& ask);

}  // namespace tessera::seal
