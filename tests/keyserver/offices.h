// An owner that signs, a key service that answers it, and the schema that names the service.
#pragma once

#include <filesystem>
#include <string>
#include <unistd.h>

#include <sodium.h>

#include "engine/keyserver/service.h"
#include "engine/oprf/client.h"

namespace tessera::keyserver {

inline constexpr Seconds kNow = 1'790'000'000;

// A folder that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "tessera-XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

// Ed25519 with a context, as identities sign: the context's bytes, a zero, the message.
inline Bytes in_context(std::string_view context, ByteView message) {
  Bytes out(context.begin(), context.end());
  out.push_back(0);
  out.insert(out.end(), message.begin(), message.end());
  return out;
}

struct Signer {
  IdentityKey open{};
  std::array<std::uint8_t, 64> secret{};
  explicit Signer(std::uint8_t number) {
    std::array<std::uint8_t, 32> seed{};
    seed.fill(number);
    crypto_sign_seed_keypair(open.data(), secret.data(), seed.data());
  }
  oprf::SignatureBytes sign(std::string_view context, ByteView message) const {
    const Bytes all = in_context(context, message);
    oprf::SignatureBytes out;
    crypto_sign_detached(out.data(), nullptr, all.data(), all.size(), secret.data());
    return out;
  }
};

inline bool verify_signature(const IdentityKey& key, std::string_view context, ByteView message,
                             const oprf::SignatureBytes& signature) {
  const Bytes all = in_context(context, message);
  return crypto_sign_verify_detached(signature.data(), all.data(), all.size(), key.data()) == 0;
}

// A request with `n` valid elements, unlike those of any other `first`.
inline oprf::Request request_of(const std::string& owner, const oprf::Element& public_key,
                                std::size_t n, std::uint64_t first = 0) {
  oprf::Request r{owner, "2026", "dob_last", kNow, public_key, {}};
  const oprf::Suite suite(oprf::Mode::verifiable);
  for (std::size_t i = 0; i < n; ++i) {
    Bytes text;
    append_le<std::uint64_t>(text, first + i);
    r.elements.emplace_back();
    if (!suite.hash_to_group(text, r.elements.back())) r.elements.pop_back();
  }
  return r;
}

inline Bytes signed_by(const Signer& who, const oprf::Request& r) {
  Bytes bytes = oprf::unsigned_request(r);
  const auto signature = who.sign(oprf::kRequestContext, bytes);
  return oprf::signed_request(std::move(bytes), signature);
}

}  // namespace tessera::keyserver
