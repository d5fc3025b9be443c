// The front of a sealed file: any bytes are refused, or are the one spelling of what they say. The
// signature is not looked at here, so that all rules are reached.
#include <algorithm>
#include <cstdlib>

#include "engine/encoded/sealed_front.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tessera::ByteView bytes(data, size);
  const auto front = tessera::encoded::decode_front(bytes);
  if (!front) return 0;
  const auto again = tessera::encoded::encode_front(front->text, front->sections, size);
  if (again != front->bytes || !std::equal(again.begin(), again.end(), data)) std::abort();
  tessera::encoded::signature_holds(*front);
  return 0;
}
