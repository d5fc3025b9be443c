// A few bytes sealed to a public key, by themselves: whoever carries many such boxes may mix them
// and open none.
#pragma once

#include <cstddef>
#include <span>

#include "engine/core/bytes.h"
#include "engine/seal/key_pair.h"

namespace tessera::seal {

inline constexpr std::size_t kBoxExtra = 48;  // what sealing adds: crypto_box_SEALBYTES

// libsodium's crypto_box_seal: a key pair of its own for every box, so that two boxes show neither
// who made them nor whether one hand did. Two scalar multiplications to seal, one to open. Thread
// safe. REQUIRES: out.size() == plain.size() + kBoxExtra.
void seal_box(const PublicBytes& to, ByteView plain, std::span<std::uint8_t> out);
// False: sealed to another key, or damaged. REQUIRES: box.size() == out.size() + kBoxExtra.
bool open_box(ByteView box, const KeyPair& pair, std::span<std::uint8_t> out);

}  // namespace tessera::seal
