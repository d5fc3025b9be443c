// Any bytes as a model: what is accepted holds tables that sum to one, and is written and read
// back.
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string_view>

#include "engine/core/json.h"
#include "matchers/model.h"

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer chose the name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tessera;
  const auto value = json::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!value) return 0;
  const auto m = matchers::model_from_json(*value, "fuzz");
  if (!m) return 0;
  for (const auto& [name, l] : m->levels)
    for (const auto* p : {&l.match, &l.relative, &l.stranger})
      if (!(std::abs(std::accumulate(p->begin(), p->end(), 0.0) - 1) < 1e-6) || (*p)[0] != 0)
        std::abort();
  const auto again = matchers::model_from_json(matchers::model_to_json(*m), "again");
  if (!again || again->levels.size() != m->levels.size()) std::abort();
  return 0;
}
