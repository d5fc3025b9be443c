// HMAC-SHA-256 and HKDF (RFC 5869) over OpenSSL, with the key schedule kept between calls.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "engine/core/bytes.h"

namespace tessera::keys {

using Mac = std::array<std::uint8_t, 32>;

// One key, many messages. Not thread safe: one per thread (clone()). Wiped by OpenSSL when freed.
class Hmac {
 public:
  explicit Hmac(ByteView key);
  ~Hmac();
  Hmac(Hmac&&) noexcept;
  Hmac& operator=(Hmac&&) noexcept;
  Hmac clone() const;
  void rekey(ByteView key);
  Mac operator()(ByteView message);

 private:
  Hmac();
  struct State;
  std::unique_ptr<State> state_;
};

// The first block of HKDF-Expand with SHA-512 (RFC 5869 2.3): 64 bytes from a uniformly random key
// that stays and an info that changes. One HMAC each. Not thread safe: one per thread (clone()).
class Expander {
 public:
  explicit Expander(ByteView key);
  ~Expander();
  Expander(Expander&&) noexcept;
  Expander& operator=(Expander&&) noexcept;
  Expander clone() const;
  std::array<std::uint8_t, 64> operator()(ByteView info);

 private:
  Expander();
  struct State;
  std::unique_ptr<State> state_;
};

// HKDF-Expand(prk, info, out.size()) of RFC 5869 2.3. `keyed` is rekeyed with prk.
// REQUIRES: out.size() <= 255 * 32.
void hkdf_expand(Hmac& keyed, ByteView prk, ByteView info, std::span<std::uint8_t> out);

}  // namespace tessera::keys
