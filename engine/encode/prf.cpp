#include "engine/encode/prf.h"

#include <cstdlib>

#include <openssl/evp.h>

namespace tessera::encode {
namespace {

void must(bool ok) {
  if (!ok) std::abort();  // AES that cannot be had means a broken OpenSSL
}

const EVP_CIPHER* aes() {
  static const EVP_CIPHER* const kCipher = EVP_CIPHER_fetch(nullptr, "AES-256-ECB", nullptr);
  must(kCipher != nullptr);
  return kCipher;
}

}  // namespace

struct Prf::State {
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { EVP_CIPHER_CTX_free(context); }  // wipes the key schedule
};

Prf::Prf() : state_(std::make_unique<State>()) {
  // Padding is left on: it comes with the end of a text, which is never asked for, and a context
  // that has it off is told so again, slowly, with every key.
  must(EVP_EncryptInit_ex(state_->context, aes(), nullptr, nullptr, nullptr) == 1);
}
Prf::~Prf() = default;

void Prf::rekey(std::span<const std::uint8_t, 32> key) {
  must(EVP_EncryptInit_ex(state_->context, nullptr, nullptr, key.data(), nullptr) == 1);
}

void Prf::operator()(std::span<const std::uint8_t> in, std::span<std::uint8_t> out) {
  int written = 0;
  must(EVP_EncryptUpdate(state_->context, out.data(), &written, in.data(),
                         static_cast<int>(in.size())) == 1 &&
       static_cast<std::size_t>(written) == in.size());
}

}  // namespace tessera::encode
