// Any bytes as a sealed artefact, and as the content of one: only what was sealed opens.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/disclosure/artefact.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera;
  const disclosure::ArtefactKey key;
  // Nobody without the key can make a file that opens with it.
  if (disclosure::open_artefact({data, size}, key, "fuzz")) std::abort();
  const std::string content(reinterpret_cast<const char*>(data), size);
  Bytes sealed = disclosure::seal_artefact("00112233445566778899aabbccddeeff", key, content);
  const auto open = disclosure::open_artefact(sealed, key, "sealed");
  if (!open || *open != content) std::abort();
  sealed[size % sealed.size()] ^= 0x20;
  if (disclosure::open_artefact(sealed, key, "changed")) std::abort();
  return 0;
}
