// What a sealed file says of itself beside what every encoded file says.
#pragma once

#include <cstdint>
#include <string>

#include "engine/seal/key_pair.h"

namespace tessera::encoded {

struct Envelope {
  std::string collection;     // which call for data it answers; [A-Za-z0-9._-]{1,64}
  std::string expires;        // the last day on which it is to be taken, YYYY-MM-DD
  std::uint64_t records = 0;  // counts of what is inside
  std::uint64_t entries = 0;
  seal::PublicBytes signer{};       // the owner's
  seal::PublicBytes entries_key{};  // to whom entries and SSN tokens are sealed
  seal::PublicBytes join_key{};     // to whom the join section is sealed
};

}  // namespace tessera::encoded
