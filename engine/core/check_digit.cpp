#include "engine/core/check_digit.h"

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

}  // namespace tessera
