#include "engine/keys/hmac.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "engine/core/secret.h"

namespace tessera::keys {
namespace {

// A MAC that cannot be computed means a broken OpenSSL: nothing sensible can follow.
void must(bool ok) {
  if (!ok) std::abort();
}

EVP_MAC* hmac_algorithm() {
  static EVP_MAC* const kAlgorithm = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  must(kAlgorithm != nullptr);
  return kAlgorithm;
}

// A key of no bytes needs an address: to OpenSSL none means the key before.
const std::uint8_t* address(ByteView key) {
  static const std::uint8_t kNothing = 0;
  return key.empty() ? &kNothing : key.data();
}

// A keyed HMAC context, freed (and so wiped) with its owner.
struct Context {
  EVP_MAC_CTX* context = nullptr;
  Context() = default;
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MAC_CTX_free(context); }

  void start(ByteView key, const char* hash) {
    context = EVP_MAC_CTX_new(hmac_algorithm());
    must(context != nullptr);
    std::string name(hash);
    const std::array<OSSL_PARAM, 2> params{
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name.data(), 0),
        OSSL_PARAM_construct_end()};
    must(EVP_MAC_init(context, address(key), key.size(), params.data()) == 1);
  }
  void start_as(const Context& other) {
    context = EVP_MAC_CTX_dup(other.context);
    must(context != nullptr);
  }
  // Of the message's two pieces, one after the other.
  void compute(ByteView message, ByteView rest, std::span<std::uint8_t> out) {
    std::size_t size = 0;
    must(EVP_MAC_init(context, nullptr, 0, nullptr) == 1 &&
         EVP_MAC_update(context, message.data(), message.size()) == 1 &&
         EVP_MAC_update(context, rest.data(), rest.size()) == 1 &&
         EVP_MAC_final(context, out.data(), &size, out.size()) == 1 && size == out.size());
  }
};

}  // namespace

struct Hmac::State : Context {};
struct Expander::State : Context {};

Hmac::Hmac() : state_(std::make_unique<State>()) {}

Hmac::Hmac(ByteView key) : Hmac() { state_->start(key, "SHA256"); }
Hmac::~Hmac() = default;
Hmac::Hmac(Hmac&&) noexcept = default;
Hmac& Hmac::operator=(Hmac&&) noexcept = default;

Hmac Hmac::clone() const {
  Hmac out;
  out.state_->start_as(*state_);
  return out;
}

void Hmac::rekey(ByteView key) {
  must(EVP_MAC_init(state_->context, address(key), key.size(), nullptr) == 1);
}

Mac Hmac::operator()(ByteView message) {
  Mac out;
  state_->compute(message, {}, out);
  return out;
}

Expander::Expander() : state_(std::make_unique<State>()) {}
Expander::Expander(ByteView key) : Expander() { state_->start(key, "SHA512"); }
Expander::~Expander() = default;
Expander::Expander(Expander&&) noexcept = default;
Expander& Expander::operator=(Expander&&) noexcept = default;

Expander Expander::clone() const {
  Expander out;
  out.state_->start_as(*state_);
  return out;
}

std::array<std::uint8_t, 64> Expander::operator()(ByteView info) {
  static constexpr std::array<std::uint8_t, 1> kFirst{1};  // the block's number
  std::array<std::uint8_t, 64> out;
  state_->compute(info, kFirst, out);
  return out;
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
