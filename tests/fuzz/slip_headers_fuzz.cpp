// Headers of mixes and scores from outside: any bytes are refused, or are the one spelling of what
// they say.
#include <cstdlib>

#include "engine/slips/mix_file.h"
#include "engine/slips/score_file.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto mix = tessera::slips::mix_header_from_json(text);
  if (mix && tessera::slips::to_json(*mix) != text) std::abort();
  const auto scores = tessera::slips::score_header_from_json(text);
  if (scores && tessera::slips::to_json(*scores) != text) std::abort();
  return 0;
}
