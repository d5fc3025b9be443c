// Several requests, or several answers, in one file: what sites without a network carry to and fro,
// and what a broken-off exchange is taken up from.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/result.h"

namespace tessera::oprf {

// Drawn once for an exchange and not secret: an owner's blinds follow from it and from its own
// secret, so that no blind is ever stored.
using Session = std::array<std::uint8_t, 32>;

struct Bundle {
  enum class Kind : std::uint8_t { requests, answers };
  Kind kind = Kind::requests;
  Session session{};
  std::vector<Bytes> messages;
};

Bytes bundle_head(Bundle::Kind kind, const Session& session);
// A message as it stands in a bundle: its length, then its bytes.
void append_message(Bytes& out, ByteView message);
Bytes to_bytes(const Bundle& bundle);

enum class Tail : std::uint8_t {
  strict,      // error `format` if the last message is cut short
  broken_off,  // such a message is left out: writing stopped there
};
// Error `format` if it is no bundle of this kind.
Result<Bundle> read_bundle(ByteView bytes, Bundle::Kind kind, Tail tail);

}  // namespace tessera::oprf
