// The table of rates as data, and its scaling by --noise.
#include "engine/lab/synth_rates.h"

#include <algorithm>

namespace tessera::lab {

std::span<const RateLine> rate_lines() {
  static constexpr RateLine kLines[] = {
#define X(group, name, value, what) {#group, #name, value, what},
      TESSERA_SYNTH_RATES(X)
#undef X
  };
  return kLines;
}

Rates scaled_rates(double factor) {
  Rates rates;
#define X(group, name, value, what) \
  if (RateGroup::group == RateGroup::error) rates.name = std::min(0.9, rates.name * factor);
  TESSERA_SYNTH_RATES(X)
#undef X
  return rates;
}

}  // namespace tessera::lab
