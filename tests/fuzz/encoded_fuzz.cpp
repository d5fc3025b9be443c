// The encoded-v1 reader: any bytes are refused, or are the one spelling of what they hold. Behind
// right checksums too, so that the rules after them are reached.
#include <algorithm>
#include <cstdlib>

#include "engine/encoded/overview.h"
#include "engine/encoded/reader.h"
#include "tests/reference/encoded_plain.h"

namespace {

void look(tessera::ByteView bytes) {
  const auto file = tessera::encoded::File::parse(bytes, "fuzz");
  if (!file) return;
  if (!tessera::encoded::overview(*file)) std::abort();
  for (const tessera::encoded::JoinHandle& h : file->handles())
    if (file->record_of(h.handle) != h.record) std::abort();
  const tessera::Bytes again =
      tessera::reference::encode_plain(tessera::reference::content_of(*file));
  if (!std::ranges::equal(again, bytes)) std::abort();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  look({data, size});
  look(tessera::reference::resealed(tessera::Bytes(data, data + size)));
  return 0;
}
