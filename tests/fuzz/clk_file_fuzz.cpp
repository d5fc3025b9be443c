// Any bytes as a file of CLKs, as JSON and as raw filters, and as candidate blocks.
#include <cstdint>

#include "engine/clkjoin/clk_file.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tessera::ByteView file(data, size);
  tessera::Silent silent;
  tessera::clkjoin::BlockNames names;
  for (const std::size_t each : {0, 3}) {
    const auto clks = tessera::clkjoin::read_clks(file, "f", each, names, silent);
    if (!clks) continue;
    if (clks->has_blocks && clks->blocks.rows() != clks->matrix.rows()) __builtin_trap();
    for (std::size_t i = 0; i < clks->matrix.rows(); ++i)
      if (clks->matrix.count(i) > clks->matrix.bits()) __builtin_trap();
  }
  const auto blocks = tessera::clkjoin::read_blocks(file, "f", 10, names);
  if (blocks && blocks->rows() != 10) __builtin_trap();
  return 0;
}
