// Any bytes as a table: rows end, and every feature kind reads or refuses every cell.
#include <cstdint>

#include "engine/clk/encode_table.h"

namespace {

constexpr const char* kSchema =
    R"({"version":3,"clkConfig":{"l":256,"kdf":{"type":"HKDF","keySize":32}},"features":[
 {"identifier":"a","format":{"type":"string","encoding":"utf-16","maxLength":50},"hashing":{"comparison":{"type":"ngram","n":3,"positional":true},"strategy":{"bitsPerFeature":50}}},
 {"identifier":"b","format":{"type":"integer","minimum":-7},"hashing":{"comparison":{"type":"exact"},"strategy":{"bitsPerToken":5}}},
 {"identifier":"c","format":{"type":"date","format":"%d %b %Y"},"hashing":{"comparison":{"type":"ngram","n":1},"strategy":{"bitsPerToken":5},"hash":{"type":"doubleHash","prevent_singularity":true}}},
 {"identifier":"d","format":{"type":"string","pattern":"[-0-9.e+]*"},"hashing":{"comparison":{"type":"numeric","thresholdDistance":0.5,"resolution":3,"fractional_precision":2},"strategy":{"bitsPerToken":5}}}]})";

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const tessera::clk::EncoderOptions options{(data[0] & 1) != 0, (data[0] & 2) != 0};
  auto schema = tessera::clk::load_linkage_schema(kSchema, "schema", {options.strict});
  if (!schema) __builtin_trap();
  auto encoder = tessera::clk::Encoder::create(*std::move(schema), tessera::as_bytes("s"), options);
  if (!encoder) __builtin_trap();
  tessera::Silent silent;
  std::string out;
  const std::string_view text(reinterpret_cast<const char*>(data + 1), size - 1);
  const auto done = tessera::clk::encode_table(
      text, "t", *encoder, tessera::clk::Header::none, [&](std::string_view s) { out += s; },
      silent);
  if (done && out.size() < 12) __builtin_trap();
  return 0;
}
