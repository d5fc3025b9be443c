#include "engine/core/digest.h"

#include <cstdlib>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <xxhash.h>

#include "engine/core/secret.h"

namespace tessera {

void wipe(std::span<std::uint8_t> bytes) noexcept { OPENSSL_cleanse(bytes.data(), bytes.size()); }

bool equal_constant_time(ByteView a, ByteView b) noexcept {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void forbid_core_dumps() noexcept {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

namespace {

// A digest context that cannot be had means a broken OpenSSL: nothing sensible can follow.
void must(int ok) {
  if (ok != 1) std::abort();
}

Checksum canonical(XXH128_hash_t h) {
  XXH128_canonical_t c;
  XXH128_canonicalFromHash(&c, h);
  Checksum out;
  std::memcpy(out.data(), c.digest, out.size());
  return out;
}

}  // namespace

void keep_openssl_to_the_end() noexcept {
  must(OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr));
}

Sha256 sha256(ByteView bytes) {
  Sha256Stream s;
  s.update(bytes);
  return s.finish();
}

Checksum checksum(ByteView bytes) { return canonical(XXH3_128bits(bytes.data(), bytes.size())); }

std::uint64_t hash64(ByteView bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

struct Sha256Stream::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) {
  must(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr));
}
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

void Sha256Stream::update(ByteView bytes) {
  must(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()));
}

void Sha256Stream::update_sized(ByteView bytes) {
  std::array<std::uint8_t, 8> size{};
  store_le<std::uint64_t>(size.data(), bytes.size());
  update(size);
  update(bytes);
}

Sha256 Sha256Stream::finish() {
  Sha256 out;
  must(EVP_DigestFinal_ex(state_->context, out.data(), nullptr));
  return out;
}

struct ChecksumStream::State {
  XXH3_state_t* state = XXH3_createState();
  State() { XXH3_128bits_reset(state); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { XXH3_freeState(state); }
};

ChecksumStream::ChecksumStream() : state_(std::make_unique<State>()) {}
ChecksumStream::~ChecksumStream() = default;
ChecksumStream::ChecksumStream(ChecksumStream&&) noexcept = default;
ChecksumStream& ChecksumStream::operator=(ChecksumStream&&) noexcept = default;
void ChecksumStream::update(ByteView bytes) {
  XXH3_128bits_update(state_->state, bytes.data(), bytes.size());
}
Checksum ChecksumStream::finish() const { return canonical(XXH3_128bits_digest(state_->state)); }

}  // namespace tessera
