// An owner's word that it destroyed its copy of a project key. Format: docs/format/key-file.md.
#pragma once

#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/seal/key_pair.h"

namespace tessera::seal {

struct Destruction {
  PublicKey owner;    // who signs it
  std::string check;  // the project key's check value, 8 hexadecimal digits
  std::string day;    // YYYY-MM-DD
};

// REQUIRES: signs(pair.open.use); a check value and a day.
std::string destruction_text(const KeyPair& pair, std::string_view check, std::string_view day);
// Error `crypto` unless the owner's key that the text names signed just this. Whether that key is
// to be trusted, the register of owners says.
Result<Destruction> destruction_from_text(std::string_view text, const std::string& where);

}  // namespace tessera::seal
