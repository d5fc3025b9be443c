// libsodium's sealed box.
#include "engine/seal/box.h"

#include <cstdlib>

#include <sodium.h>

namespace tessera::seal {

static_assert(kBoxExtra == crypto_box_SEALBYTES);

void seal_box(const PublicBytes& to, ByteView plain, std::span<std::uint8_t> out) {
  // A generator or cipher that fails must stop us: what follows would not be sealed.
  if (sodium_init() < 0 || out.size() != plain.size() + kBoxExtra ||
      crypto_box_seal(out.data(), plain.data(), plain.size(), to.data()) != 0)
    std::abort();
}

bool open_box(ByteView box, const KeyPair& pair, std::span<std::uint8_t> out) {
  return box.size() == out.size() + kBoxExtra &&
         crypto_box_seal_open(out.data(), box.data(), box.size(), pair.open.bytes.data(),
                              pair.secret.reveal().data()) == 0;
}

}  // namespace tessera::seal
