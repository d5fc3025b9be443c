// An exported chain or a receipt from anywhere: nothing is accepted under a key that signs nothing.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/ledger/chain_file.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto checked = ledger::check_chain(text, "fuzz", PublicKey{}, {});
  if (checked && checked->head.seq > 0) std::abort();
  const auto receipt = ledger::read_receipt(text, "fuzz");
  if (receipt && receipt->head.seq < 1) std::abort();
  return 0;
}
