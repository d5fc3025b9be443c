// Any bytes as a file of pairs: refused, or in order and the same after writing and reading again.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "engine/clkjoin/pair_file.h"

namespace {

using namespace tessera;
using namespace tessera::clkjoin;

bool read(ByteView file, std::vector<Pair>& out) {
  return read_pairs(file, "f",
                    [&](std::span<const Pair> some) -> Result<void> {
                      out.insert(out.end(), some.begin(), some.end());
                      return {};
                    })
      .has_value();
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<Pair> pairs;
  if (!read({data, size}, pairs)) return 0;
  std::string binary(as_text(binary_header()));
  append_binary(pairs, binary);
  std::string csv;
  append_csv(pairs, csv);
  std::vector<Pair> again, text;
  if (!read(as_bytes(binary), again) || !(again == pairs)) std::abort();
  if (!read(as_bytes(csv), text) || !(text == pairs)) std::abort();
  return 0;
}
