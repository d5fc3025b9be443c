// Any bytes as a linkage schema: what is accepted is written, read back and laid out the same.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/core/json.h"
#include "engine/schema/layout.h"
#include "engine/schema/schema.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera;
  const auto value = json::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!value) return 0;
  const auto s = schema::from_json(*value, "fuzz");
  if (!s) return 0;
  const auto again = schema::from_json(schema::to_json(*s), "again");
  if (!again || schema::digest(*again) != schema::digest(*s)) std::abort();
  for (std::size_t p = 0; p < s->passes.size(); ++p) {
    const schema::Layout l = schema::layout(*s, p);
    if (l.stride % 8 != 0 || l.presence_bits > 16) std::abort();
    for (const schema::Slot& slot : l.slots)
      if (slot.offset + slot.bits / 8 > l.stride || slot.weight >= slot.bits) std::abort();
  }
  return 0;
}
