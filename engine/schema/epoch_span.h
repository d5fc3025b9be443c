// The years that an epoch's name declares.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tessera::schema {

struct EpochSpan {
  std::string first, last;  // days, YYYY-MM-DD
};
// A name YYYY-YYYY spans those years, both whole: "2025-2029" is 2025-01-01 to 2029-12-31. nullopt
// for any other name, and for years in the wrong order.
std::optional<EpochSpan> epoch_span(std::string_view name);

}  // namespace tessera::schema
