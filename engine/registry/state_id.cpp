#include "engine/registry/state_id.h"

#include <cassert>

#include <fmt/format.h>

#include "engine/core/check_digit.h"

namespace tessera::registry {
std::string_view name_of(Space space) { return space == Space::student ? "student" : "staff"; }

Space space_of(encoded::Population population) {
  assert(population == encoded::Population::student || population == encoded::Population::staff);
  return population == encoded::Population::staff ? Space::staff : Space::student;
}

StateId draw_state_id(Random& random) {
  const std::uint64_t nine = 100'000'000 + random.below(900'000'000);
  return nine * 10 + static_cast<std::uint64_t>(check_digit(fmt::format("{}", nine)) - '0');
}

std::string to_text(StateId id) { return fmt::format("{:010}", id); }

Result<StateId> parse_state_id(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c != ' ' && c != '-') digits += c;
  if (std::string fault = fault_of_state_id(digits); !fault.empty())
    return Error{ErrorCode::usage, std::move(fault), ""};
  return std::stoull(digits);
}

}  // namespace tessera::registry
