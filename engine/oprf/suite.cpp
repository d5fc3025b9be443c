// The suite's hashing, and libsodium's ristretto255 behind names that say what they do.
#include "engine/oprf/suite.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <sodium.h>

namespace tessera::oprf {
namespace {

constexpr std::size_t kHash = crypto_hash_sha512_BYTES;
constexpr std::size_t kHashBlock = 128;  // SHA-512's input block

struct Sha512 {
  crypto_hash_sha512_state state{};
  Sha512() { crypto_hash_sha512_init(&state); }
  void add(ByteView bytes) { crypto_hash_sha512_update(&state, bytes.data(), bytes.size()); }
  void add(std::uint8_t byte) { crypto_hash_sha512_update(&state, &byte, 1); }
  void finish(std::span<std::uint8_t, kHash> out) { crypto_hash_sha512_final(&state, out.data()); }
};

std::string context(std::string_view what, Mode mode) {
  std::string out(what);
  out += "OPRFV1-";
  out += static_cast<char>(mode);
  out += "-ristretto255-SHA512";
  return out;
}

// libsodium 1.0.18 ignores the top bit, so that each element would have two encodings; RFC 9496
// 4.3.1 has one.
bool top_bit_clear(const Element& element) { return (element[31] & 0x80) == 0; }

}  // namespace

void expand_message_xmd(ByteView message, std::string_view dst, std::span<std::uint8_t> out) {
  // b_0 = H(Z_pad || message || length of out || 0 || DST'), b_1 = H(b_0 || 1 || DST'),
  // b_i = H((b_0 xor b_(i-1)) || i || DST'), DST' = DST || its length in a byte.
  const std::array<std::uint8_t, kHashBlock> pad{};
  const auto dst_size = static_cast<std::uint8_t>(dst.size());
  std::array<std::uint8_t, kHash> first;
  Sha512 start;
  start.add(pad);
  start.add(message);
  start.add(static_cast<std::uint8_t>(out.size() >> 8));
  start.add(static_cast<std::uint8_t>(out.size() & 0xff));
  start.add(std::uint8_t{0});
  start.add(as_bytes(dst));
  start.add(dst_size);
  start.finish(first);
  std::array<std::uint8_t, kHash> block{};
  std::uint8_t number = 1;
  for (std::size_t at = 0; at < out.size(); at += kHash, ++number) {
    for (std::size_t i = 0; i < kHash; ++i)
      block[i] = static_cast<std::uint8_t>(block[i] ^ first[i]);
    Sha512 next;
    next.add(block);
    next.add(number);
    next.add(as_bytes(dst));
    next.add(dst_size);
    next.finish(block);
    std::memcpy(out.data() + at, block.data(), std::min(kHash, out.size() - at));
  }
  wipe(first);
  wipe(block);
}

Suite::Suite(Mode mode)
    : to_group_(context("HashToGroup-", mode)),
      to_scalar_(context("HashToScalar-", mode)),
      derive_(context("DeriveKeyPair", mode)),
      seed_(context("Seed-", mode)) {}

bool Suite::hash_to_group(ByteView input, Element& out) const {
  std::array<std::uint8_t, 64> wide;
  expand_message_xmd(input, to_group_, wide);
  const bool ok = crypto_core_ristretto255_from_hash(out.data(), wide.data()) == 0;
  wipe(wide);
  return ok && std::ranges::any_of(out, [](std::uint8_t b) { return b != 0; });
}

void Suite::hash_to_scalar(ByteView message, std::span<std::uint8_t, 32> out) const {
  std::array<std::uint8_t, 64> wide;
  expand_message_xmd(message, to_scalar_, wide);
  crypto_core_ristretto255_scalar_reduce(out.data(), wide.data());
  wipe(wide);
}

Scalar Suite::derive_key(std::span<const std::uint8_t, 32> seed, std::string_view info) const {
  Bytes message(seed.begin(), seed.end());
  append_prefixed(message, as_bytes(info));
  message.push_back(0);
  Scalar key;
  std::array<std::uint8_t, 64> wide;
  // The counter moves on only where a hash is zero, which has probability 2^-252.
  for (std::uint8_t counter = 0;; ++counter) {
    if (counter == 255) std::abort();
    message.back() = counter;
    expand_message_xmd(message, derive_, wide);
    if (reduce(wide, key.fill())) break;
  }
  wipe(wide);
  wipe(message);
  return key;
}

Output Suite::composite_seed(const Element& public_key) const {
  Bytes message;
  append_prefixed(message, public_key);
  append_prefixed(message, as_bytes(seed_));
  Output out;
  crypto_hash_sha512(out.data(), message.data(), message.size());
  return out;
}

Element public_key(const Scalar& key) {
  Element out;
  // Fails for zero alone, which no maker of keys here gives.
  if (crypto_scalarmult_ristretto255_base(out.data(), key.reveal().data()) != 0) std::abort();
  return out;
}

Scalar random_scalar(Random& random) {
  Scalar out;
  std::array<std::uint8_t, 64> wide;
  do {
    random.fill(wide);
  } while (!reduce(wide, out.fill()));
  wipe(wide);
  return out;
}

bool reduce(std::span<const std::uint8_t, 64> wide, std::span<std::uint8_t, 32> out) {
  crypto_core_ristretto255_scalar_reduce(out.data(), wide.data());
  return sodium_is_zero(out.data(), out.size()) == 0;
}

bool is_element(const Element& element) {
  return top_bit_clear(element) && sodium_is_zero(element.data(), element.size()) == 0 &&
         crypto_core_ristretto255_is_valid_point(element.data()) == 1;
}

bool multiply(std::span<const std::uint8_t, 32> scalar, const Element& element, Element& out) {
  return top_bit_clear(element) &&
         crypto_scalarmult_ristretto255(out.data(), scalar.data(), element.data()) == 0;
}

void append_prefixed(Bytes& out, ByteView bytes) {
  out.push_back(static_cast<std::uint8_t>(bytes.size() >> 8));
  out.push_back(static_cast<std::uint8_t>(bytes.size() & 0xff));
  out.insert(out.end(), bytes.begin(), bytes.end());
}

}  // namespace tessera::oprf
