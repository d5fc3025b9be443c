// Any bytes as JSON: what is accepted is written and read back as the same value.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/core/json.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera;
  const auto value = json::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!value) return 0;
  const std::string canonical = json::to_canonical(*value);
  for (const std::string& text : {json::to_text(*value), canonical}) {
    const auto again = json::parse(text, "again");
    if (!again || json::to_canonical(*again) != canonical) std::abort();
  }
  return 0;
}
