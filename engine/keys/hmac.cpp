// HMAC as RFC 2104 composes it: a hash over the inner pad and the message, and one over the outer
// pad and that. Both hashes stand ready with their pad taken in, and a message starts from a copy.
// OpenSSL's own HMAC (EVP_MAC) does the same behind allocations and look-ups by name, which cost
// half as much as the hashing of our short messages (docs/decisions/0047). So its hash functions
// are called directly, which OpenSSL 3 calls deprecated but keeps.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "engine/keys/hmac.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include <openssl/sha.h>

#include "engine/core/secret.h"

namespace tessera::keys {
namespace {

// A hash that cannot be computed means a broken OpenSSL: nothing sensible can follow.
void must(int ok) {
  if (ok != 1) std::abort();
}

struct Sha256Hash {
  using Context = SHA256_CTX;
  static constexpr std::size_t kBlock = SHA256_CBLOCK;
  static constexpr std::size_t kOut = SHA256_DIGEST_LENGTH;
  static void start(Context& c) { must(SHA256_Init(&c)); }
  static void add(Context& c, ByteView bytes) {
    must(SHA256_Update(&c, bytes.data(), bytes.size()));
  }
  static void finish(Context& c, std::uint8_t* out) { must(SHA256_Final(out, &c)); }
};

struct Sha512Hash {
  using Context = SHA512_CTX;
  static constexpr std::size_t kBlock = SHA512_CBLOCK;
  static constexpr std::size_t kOut = SHA512_DIGEST_LENGTH;
  static void start(Context& c) { must(SHA512_Init(&c)); }
  static void add(Context& c, ByteView bytes) {
    must(SHA512_Update(&c, bytes.data(), bytes.size()));
  }
  static void finish(Context& c, std::uint8_t* out) { must(SHA512_Final(out, &c)); }
};

template <class Hash>
class Keyed {
 public:
  using Output = std::array<std::uint8_t, Hash::kOut>;

  Keyed() = default;
  Keyed(const Keyed&) = default;
  Keyed& operator=(const Keyed&) = default;
  ~Keyed() {
    for (auto* c : {&inner_, &outer_, &work_}) forget(*c);
  }

  void start(ByteView key) {
    std::array<std::uint8_t, Hash::kBlock> pad{};
    if (key.size() > pad.size()) {
      Hash::start(work_);
      Hash::add(work_, key);
      Hash::finish(work_, pad.data());
    } else {
      std::ranges::copy(key, pad.begin());
    }
    for (std::uint8_t& b : pad) b ^= 0x36;
    Hash::start(inner_);
    Hash::add(inner_, pad);
    for (std::uint8_t& b : pad) b ^= 0x36 ^ 0x5c;
    Hash::start(outer_);
    Hash::add(outer_, pad);
    wipe(pad);
  }

  // Of the message's two pieces, one after the other.
  Output operator()(ByteView message, ByteView rest) {
    Output out;
    work_ = inner_;
    Hash::add(work_, message);
    Hash::add(work_, rest);
    Hash::finish(work_, out.data());
    work_ = outer_;
    Hash::add(work_, out);
    Hash::finish(work_, out.data());
    return out;
  }

 private:
  static void forget(typename Hash::Context& c) {
    wipe({reinterpret_cast<std::uint8_t*>(&c), sizeof(c)});
  }
  typename Hash::Context inner_{};  // after the key's inner pad
  typename Hash::Context outer_{};  // after its outer pad
  typename Hash::Context work_{};
};

}  // namespace

struct Hmac::State : Keyed<Sha256Hash> {};
struct Expander::State : Keyed<Sha512Hash> {};

Hmac::Hmac() : state_(std::make_unique<State>()) {}
Hmac::Hmac(ByteView key) : Hmac() { state_->start(key); }
Hmac::~Hmac() = default;
Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;

Hmac Hmac::clone() const {
  Hmac out;
  *out.state_ = *state_;
  return out;
}

void Hmac::rekey(ByteView key) { state_->start(key); }

Mac Hmac::operator()(ByteView message) { return (*state_)(message, {}); }

Expander::Expander() : state_(std::make_unique<State>()) {}
Expander::Expander(ByteView key) : Expander() { state_->start(key); }
Expander::~Expander() = default;
Expander::Expander(Expander&&) noexcept = default;
Expander& Expander::operator=(Expander&&) noexcept = default;

Expander Expander::clone() const {
  Expander out;
  *out.state_ = *state_;
  return out;
}

std::array<std::uint8_t, 64> Expander::operator()(ByteView info) {
  static constexpr std::array<std::uint8_t, 1> kFirst{1};  // the block's number
  return (*state_)(info, kFirst);
}

void hkdf_expand(Hmac& keyed, ByteView prk, ByteView info, std::span<std::uint8_t> out) {
  keyed.rekey(prk);
  Bytes message;
  Mac block{};
  std::uint8_t counter = 1;
  for (std::size_t at = 0; at < out.size(); at += block.size(), ++counter) {
    message.clear();
    if (counter > 1) message.insert(message.end(), block.begin(), block.end());
    message.insert(message.end(), info.begin(), info.end());
    message.push_back(counter);
    block = keyed(message);
    std::memcpy(out.data() + at, block.data(), std::min(block.size(), out.size() - at));
  }
  wipe(message);
  wipe(block);
}

}  // namespace tessera::keys
