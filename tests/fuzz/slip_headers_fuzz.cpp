// Headers of mixes, scores, orders and receipts from outside: any bytes are refused, or are the one
// spelling of what they say.
#include <cstdlib>

#include "engine/slips/mix_file.h"
#include "engine/slips/purge_file.h"
#include "engine/slips/score_file.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto mix = tessera::slips::mix_header_from_json(text);
  if (mix && tessera::slips::to_json(*mix) != text) std::abort();
  const auto scores = tessera::slips::score_header_from_json(text);
  if (scores && tessera::slips::to_json(*scores) != text) std::abort();
  std::uint64_t count = 0;
  const auto order = tessera::slips::purge_order_from_json(text, count);
  if (order && tessera::slips::to_json(*order, count) != text) std::abort();
  const auto receipt = tessera::slips::purge_receipt_from_json(text, count);
  if (receipt && tessera::slips::to_json(*receipt, count) != text) std::abort();
  return 0;
}
