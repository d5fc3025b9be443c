#include "engine/core/check_digit.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/ascii.h"

namespace tessera {
namespace {

// Row: the digit so far; column: the next one. Zeros on the diagonal, so that a number followed by
// its check digit comes to 0.
constexpr char kDamm[10][11] = {"0317598642", "7092154863", "4206871359", "1750983426",
                                "6123045978", "3674209581", "5869720134", "8945362017",
                                "9438617205", "2581436790"};

}  // namespace

char check_digit(std::string_view digits) {
  char at = '0';
  for (const char d : digits) at = kDamm[at - '0'][d - '0'];
  return at;
}

std::string fault_of_state_id(std::string_view text) {
  constexpr std::size_t kDigits = 10;
  if (!std::ranges::all_of(text, ascii::is_digit)) return "a state ID has digits only";
  if (text.size() != kDigits)
    return fmt::format("a state ID has {} digits, this has {}", kDigits, text.size());
  if (text[0] == '0') return "a state ID never begins with 0";
  if (check_digit(text) != '0')
    return "the check digit does not fit: a digit is wrong or two are swapped; look at the source "
           "again";
  return "";
}

}  // namespace tessera
