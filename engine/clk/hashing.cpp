#include "engine/clk/hashing.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>
#include <sodium.h>

#include "engine/core/secret.h"

namespace tessera::clk {
namespace {

Bytes hmac(const EVP_MD* hash, ByteView key, ByteView data) {
  Bytes out(EVP_MAX_MD_SIZE);
  unsigned n = 0;
  static const std::uint8_t kNothing = 0;
  HMAC(hash, key.empty() ? &kNothing : key.data(), static_cast<int>(key.size()), data.data(),
       data.size(), out.data(), &n);
  out.resize(n);
  return out;
}

// A big-endian number of whole 32-bit words modulo one below 2^32.
std::uint64_t modulo(ByteView number, std::uint64_t m) {
  std::uint64_t rest = 0;
  for (std::size_t i = 0; i < number.size(); i += 4) {
    for (std::size_t j = i; j < i + 4; ++j) rest = rest << 8 | number[j];
    rest %= m;
  }
  return rest;
}

// An HMAC whose key is taken in once: what OpenSSL's one-shot call does for each message, finding
// the algorithm and hashing the key, takes longer than a token.
class Hmac {
 public:
  Hmac(const char* hash, ByteView key) {
    EVP_MAC* algorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
    context_ = EVP_MAC_CTX_new(algorithm);
    EVP_MAC_free(algorithm);  // the context holds on to it
    must(context_ != nullptr);
    std::string name = hash;
    const std::array params{OSSL_PARAM_construct_utf8_string("digest", name.data(), 0),
                            OSSL_PARAM_construct_end()};
    must(EVP_MAC_init(context_, key.data(), key.size(), params.data()) == 1);
  }
  Hmac(const Hmac&) = delete;
  Hmac& operator=(const Hmac&) = delete;
  ~Hmac() { EVP_MAC_CTX_free(context_); }

  // Valid until the next call.
  ByteView of(ByteView message) {
    std::size_t size = 0;
    must(EVP_MAC_init(context_, nullptr, 0, nullptr) == 1);
    must(EVP_MAC_update(context_, message.data(), message.size()) == 1);
    must(EVP_MAC_final(context_, out_.data(), &size, out_.size()) == 1);
    return ByteView(out_).first(size);
  }

 private:
  // They fail only where memory is out or OpenSSL was built without them.
  static void must(bool ok) {
    if (!ok) std::abort();
  }
  EVP_MAC_CTX* context_;
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> out_{};
};

// chr(j).encode('utf-8') for the few j that can occur.
std::string utf8(unsigned j) {
  if (j < 0x80) return std::string(1, static_cast<char>(j));
  return {static_cast<char>(0xC0U | (j >> 6)), static_cast<char>(0x80U | (j & 63U))};
}

}  // namespace

Bytes hkdf(bool sha512, ByteView secret, ByteView salt, ByteView info, std::size_t length) {
  const EVP_MD* hash = sha512 ? EVP_sha512() : EVP_sha256();
  const Bytes zeros(static_cast<std::size_t>(EVP_MD_get_size(hash)));
  Bytes extracted = hmac(hash, salt.empty() ? ByteView(zeros) : salt, secret);
  Bytes out;
  out.reserve(length + zeros.size());  // never moved: no stray copy of a key
  Bytes block;
  for (std::uint8_t i = 1; out.size() < length; ++i) {
    Bytes input = block;
    input.insert(input.end(), info.begin(), info.end());
    input.push_back(i);
    wipe(block);
    block = hmac(hash, extracted, input);
    wipe(input);
    out.insert(out.end(), block.begin(), block.end());
  }
  wipe(block);
  wipe(extracted);
  wipe({out.data() + length, out.size() - length});
  out.resize(length);
  return out;
}

Result<FeatureKeys> FeatureKeys::derive(const LinkageSchema& schema, ByteView secret) {
  FeatureKeys out;
  out.size_ = schema.key_size;
  out.material_ =
      hkdf(schema.sha512, secret, schema.salt, schema.info, schema.features.size() * 2 * out.size_);
  return out;
}

FeatureKeys::~FeatureKeys() { wipe(material_); }

ByteView FeatureKeys::key(std::size_t feature, std::size_t which) const {
  return ByteView(material_).subspan((2 * feature + which) * size_, size_);
}

void blake_positions(std::string_view token, ByteView key, std::uint64_t k, std::uint64_t length,
                     std::vector<std::uint32_t>& out) {
  constexpr std::uint64_t kWords = 32;
  constexpr std::uint8_t kNoPersonalisation[crypto_generichash_blake2b_PERSONALBYTES] = {};
  std::uint8_t digest[64];
  for (std::uint64_t m = 0; m * kWords < k; ++m) {
    std::uint8_t salt[crypto_generichash_blake2b_SALTBYTES] = {};
    const std::string number = std::to_string(m);
    std::copy(number.begin(), number.end(), salt);
    crypto_generichash_blake2b_salt_personal(
        digest, sizeof digest, reinterpret_cast<const std::uint8_t*>(token.data()), token.size(),
        key.data(), key.size(), salt, kNoPersonalisation);
    for (std::uint64_t i = 0; i < std::min(kWords, k - m * kWords); ++i)
      out.push_back(
          static_cast<std::uint32_t>(load_le<std::uint16_t>(digest + 2 * i) & (length - 1)));
  }
}

struct DoubleHash::State {
  Hmac sha1, md5;
};

DoubleHash::DoubleHash(ByteView key_sha1, ByteView key_md5)
    : state_(new State{{"SHA1", key_sha1}, {"MD5", key_md5}}) {}
DoubleHash::DoubleHash(DoubleHash&&) noexcept = default;
DoubleHash& DoubleHash::operator=(DoubleHash&&) noexcept = default;
DoubleHash::~DoubleHash() = default;

void DoubleHash::positions(std::string_view token, std::uint64_t k, std::uint64_t length,
                           bool prevent_singularity, std::vector<std::uint32_t>& out) {
  const std::uint64_t a = modulo(state_->sha1.of(as_bytes(token)), length);
  std::uint64_t b = modulo(state_->md5.of(as_bytes(token)), length);
  // With a length of 1 the step is 0 whatever is appended.
  for (unsigned j = 0; prevent_singularity && b == 0 && length > 1 && j < 0x800; ++j)
    b = modulo(state_->md5.of(as_bytes(std::string(token) + utf8(j))), length);
  std::uint64_t position = a;
  for (std::uint64_t i = 0; i < k; ++i) {
    out.push_back(static_cast<std::uint32_t>(position));
    position += b;
    if (position >= length) position -= length;
  }
}

}  // namespace tessera::clk
