// From a secret to keys, and from a token to the bits it sets.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/clk/linkage_schema.h"
#include "engine/core/bytes.h"
#include "engine/core/result.h"

namespace tessera::clk {

// The two keys of each feature, ignored ones included: HKDF (RFC 5869) over the secret. Wiped.
class FeatureKeys {
 public:
  static Result<FeatureKeys> derive(const LinkageSchema& schema, ByteView secret);
  FeatureKeys(FeatureKeys&&) = default;
  FeatureKeys& operator=(FeatureKeys&&) = default;
  ~FeatureKeys();
  // REQUIRES: feature < the schema's features, which < 2.
  ByteView key(std::size_t feature, std::size_t which) const;

 private:
  FeatureKeys() = default;
  Bytes material_;
  std::size_t size_ = 0;
};

// HKDF with SHA-256 or SHA-512. REQUIRES: length <= 255 hashes.
Bytes hkdf(bool sha512, ByteView secret, ByteView salt, ByteView info, std::size_t length);

// Positions below `length` of the first k bits of a token, repeats kept.
// blakeHash: slices of keyed BLAKE2b digests. REQUIRES: length a power of two, key <= 64 bytes.
void blake_positions(std::string_view token, ByteView key, std::uint64_t k, std::uint64_t length,
                     std::vector<std::uint32_t>& out);

// doubleHash: (a + i b) mod length, a from HMAC-SHA1 and b from HMAC-MD5. The keys are taken in
// once, and wiped by OpenSSL in the end. Not thread safe.
class DoubleHash {
 public:
  DoubleHash(ByteView key_sha1, ByteView key_md5);
  DoubleHash(DoubleHash&&) noexcept;
  DoubleHash& operator=(DoubleHash&&) noexcept;
  ~DoubleHash();
  // As blake_positions(). REQUIRES: length below 2^32.
  void positions(std::string_view token, std::uint64_t k, std::uint64_t length,
                 bool prevent_singularity, std::vector<std::uint32_t>& out);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera::clk
