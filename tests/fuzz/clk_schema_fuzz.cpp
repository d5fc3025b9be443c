// Any bytes as a linkage schema: refused or read, and what is read can be made into keys.
#include <cstdint>

#include "engine/clk/encoder.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const bool strict : {false, true}) {
    auto schema = tessera::clk::load_linkage_schema(text, "schema", {strict});
    if (!schema || schema->hashed_length() > 1 << 16) continue;
    auto encoder =
        tessera::clk::Encoder::create(*std::move(schema), tessera::as_bytes("secret"), {});
    if (!encoder) continue;
    auto rows = tessera::clk::RowEncoder::create(*encoder);
    static_cast<void>(rows.has_value());
  }
  return 0;
}
