// SHA-256 for what must not be forged, XXH3 for what may only be damaged.
// No keyed function lives here: the linkage side links this room (see docs/security.md).
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "engine/core/bytes.h"

namespace tessera {

using Sha256 = std::array<std::uint8_t, 32>;
using Checksum = std::array<std::uint8_t, 16>;  // XXH3-128, canonical byte order

Sha256 sha256(ByteView bytes);
Checksum checksum(ByteView bytes);
std::uint64_t hash64(ByteView bytes);  // XXH3-64, for hash tables only

// Leaves OpenSSL as it is when the process ends. Its own clean-up runs when main returns, while
// worker threads may be ending too, each with a part of OpenSSL to give back: one of many hundred
// runs died of it, its work done. Call first in main, before anything else of this header.
void keep_openssl_to_the_end() noexcept;

// SHA-256 fed piece by piece. Not thread safe; finish() may be called once.
class Sha256Stream {
 public:
  Sha256Stream();
  ~Sha256Stream();
  Sha256Stream(Sha256Stream&&) noexcept;
  Sha256Stream& operator=(Sha256Stream&&) noexcept;
  void update(ByteView bytes);
  void update_sized(ByteView bytes);  // length (u64 LE) first, so that fields cannot run together
  Sha256 finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// XXH3-128 fed piece by piece.
class ChecksumStream {
 public:
  ChecksumStream();
  ~ChecksumStream();
  ChecksumStream(ChecksumStream&&) noexcept;
  ChecksumStream& operator=(ChecksumStream&&) noexcept;
  void update(ByteView bytes);
  Checksum finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera
