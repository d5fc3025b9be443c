#include "engine/schema/epoch_span.h"

#include <algorithm>

namespace tessera::schema {

std::optional<EpochSpan> epoch_span(std::string_view name) {
  const auto is_year = [](std::string_view s) {
    return s.size() == 4 && std::ranges::all_of(s, [](char c) { return c >= '0' && c <= '9'; });
  };
  if (name.size() != 9 || name[4] != '-') return std::nullopt;
  const std::string_view from = name.substr(0, 4);
  const std::string_view to = name.substr(5);
  if (!is_year(from) || !is_year(to) || to < from) return std::nullopt;
  return EpochSpan{std::string(from) + "-01-01", std::string(to) + "-12-31"};
}

}  // namespace tessera::schema
