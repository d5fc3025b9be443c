#include "engine/registry/state_id.h"

#include <cassert>

#include <fmt/format.h>

#include "engine/core/check_digit.h"

namespace tessera::registry {
namespace {

constexpr std::size_t kDigits = 10;

}  // namespace

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
  for (const char c : text) {
    if (c == ' ' || c == '-') continue;
    if (c < '0' || c > '9') return Error{ErrorCode::usage, "a state ID has digits only", ""};
    digits += c;
  }
  if (digits.size() != kDigits)
    return Error{ErrorCode::usage,
                 fmt::format("a state ID has {} digits, this has {}", kDigits, digits.size()), ""};
  if (digits[0] == '0') return Error{ErrorCode::usage, "a state ID never begins with 0", ""};
  if (check_digit(digits) != '0')
    return Error{ErrorCode::usage,
                 "the check digit does not fit: a digit is wrong or two are swapped; look at the "
                 "source again",
                 ""};
  return std::stoull(digits);
}

}  // namespace tessera::registry
