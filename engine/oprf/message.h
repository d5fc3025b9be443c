// What an owner and a key service send each other, over HTTPS or as files. Byte layout:
// docs/format/key-exchange.md. Blinded and evaluated elements only: no value can be read from them.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/digest.h"
#include "engine/core/result.h"
#include "engine/oprf/proof.h"

namespace tessera::oprf {

inline constexpr std::size_t kMostElements = 100000;  // of one request
using SignatureBytes = std::array<std::uint8_t, 64>;  // Ed25519

struct Request {
  std::string owner;              // [A-Za-z0-9._-]{1,64}
  std::string epoch;              // 1 to 32 bytes
  std::string key;                // name of the key: [a-z0-9_-]{1,32}
  std::uint64_t made = 0;         // seconds since 1970, by the owner's clock
  Element public_key{};           // the one expected, as pinned in the schema
  std::vector<Element> elements;  // 1 to kMostElements
};

struct Answer {
  Sha256 batch{};  // batch_digest() of what was asked
  std::vector<Element> elements;
  std::vector<Proof> proofs;  // one for each kProofGroup elements begun
};

// Names a batch by key and elements: a repeated request has the digest it had before.
Sha256 batch_digest(const Element& public_key, std::span<const Element> elements);

// The request without its signature: what is signed, under kRequestContext.
inline constexpr std::string_view kRequestContext = "tessera key request 1";
Bytes unsigned_request(const Request& request);
Bytes signed_request(Bytes unsigned_bytes, const SignatureBytes& signature);
// Largest possible request: what a server reads at most.
std::size_t largest_request();

struct SignedRequest {
  Request request;
  ByteView signed_part;  // views the bytes that were read
  SignatureBytes signature{};
};
// Error `format`. Checks lengths and characters; elements are checked when they are evaluated.
Result<SignedRequest> read_request(ByteView bytes);

Bytes to_bytes(const Answer& answer);
// Error `format`. Whoever reads it verifies the proofs.
Result<Answer> read_answer(ByteView bytes);

}  // namespace tessera::oprf
