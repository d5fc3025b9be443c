// A table of people to a file of CLKs, on all threads, in row order, in bounded memory.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "engine/clk/encoder.h"
#include "engine/core/progress.h"

namespace tessera::clk {

enum class Header : std::uint8_t { check, ignore, none };

struct EncodeTally {
  std::uint64_t rows = 0;
};

// Writes {"clks": ["...", ...]} through `write`, piece by piece, byte for byte as clkhash's client
// does. Errors name `name`:line; the first in row order is reported. `text` is UTF-8.
Result<EncodeTally> encode_table(std::string_view text, const std::string& name,
                                 const Encoder& encoder, Header header,
                                 const std::function<void(std::string_view)>& write,
                                 Progress& progress);

}  // namespace tessera::clk
