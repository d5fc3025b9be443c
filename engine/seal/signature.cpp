// crypto_sign over context and message, each with its length in front.
#include "engine/seal/signature.h"

#include <cstdlib>

#include <sodium.h>

namespace tessera::seal {
namespace {

Bytes framed(std::string_view context, ByteView message) {
  Bytes out;
  append_le<std::uint64_t>(out, context.size());
  out.insert(out.end(), context.begin(), context.end());
  append_le<std::uint64_t>(out, message.size());
  out.insert(out.end(), message.begin(), message.end());
  return out;
}

}  // namespace

Signature sign(const KeyPair& pair, std::string_view context, ByteView message) {
  if (!signs(pair.open.use)) std::abort();
  PublicBytes open{};
  Secret<crypto_sign_SECRETKEYBYTES> whole;
  Signature out{};
  const Bytes text = framed(context, message);
  if (crypto_sign_seed_keypair(open.data(), whole.fill().data(), pair.secret.reveal().data()) !=
          0 ||
      crypto_sign_detached(out.data(), nullptr, text.data(), text.size(), whole.reveal().data()) !=
          0)
    std::abort();
  return out;
}

bool verify(const PublicBytes& key, std::string_view context, ByteView message,
            const Signature& signature) {
  const Bytes text = framed(context, message);
  return crypto_sign_verify_detached(signature.data(), text.data(), text.size(), key.data()) == 0;
}

}  // namespace tessera::seal
