// Any JSON as an earlier release: it is refused or remembered, and never breaks the new one.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/cells/released.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera;
  const auto value = json::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!value) return 0;
  auto list = csv::Reader::open("school,grade,n\na,8,12\na,9,30\nb,8,44\nb,9,21\n", "counts");
  if (!list) std::abort();
  const auto counted = cells::count_tables(*list, {"school", {"grade"}, "n"});
  if (!counted) std::abort();
  cells::Before before;
  if (!cells::remember(*value, "fuzz", *counted, {}, before)) return 0;
  Silent silent;
  const auto pattern = cells::suppress(counted->sums, {}, before, silent);
  if (!pattern) return 0;
  for (std::size_t i = 0; i < before.hidden.size(); ++i)
    if (before.hidden[i] && pattern->mark[i] == cells::Mark::shown) std::abort();
  return 0;
}
