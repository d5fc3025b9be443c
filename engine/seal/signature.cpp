// The signature of context and message, each with its length in front.
#include "engine/seal/signature.h"

#include <cstdlib>

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
  return SigningKey::from_seed(pair.secret.reveal()).sign(framed(context, message));
}

bool verify(const PublicBytes& key, std::string_view context, ByteView message,
            const Signature& signature) {
  return verifies(key, framed(context, message), signature);
}

}  // namespace tessera::seal
