// Key texts from outside: any bytes are refused, or read as what they say.
#include <cstdlib>

#include "engine/seal/destruction.h"
#include "engine/seal/key_text.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto pair = tessera::seal::pair_from_text(text, "fuzz");
  if (pair && tessera::seal::public_of(pair->open.use, pair->secret) != pair->open.bytes)
    std::abort();
  const auto file = tessera::seal::public_from_text(text, "fuzz");
  if (file && file->before.has_value() != file->signature.has_value()) std::abort();
  const auto revoked = tessera::seal::revocation_from_text(text, "fuzz");
  if (revoked && revoked->day.size() != 10) std::abort();
  const auto destroyed = tessera::seal::destruction_from_text(text, "fuzz");
  if (destroyed && destroyed->check.size() != 8) std::abort();
  return 0;
}
