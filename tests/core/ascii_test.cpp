// Every char of the language against the plain list of ASCII's letters and digits.
#include "engine/core/ascii.h"

#include <doctest/doctest.h>

namespace ascii_test {

using namespace tessera;

TEST_CASE("letters and digits are ASCII's, and only they change their case") {
  const std::string small = "abcdefghijklmnopqrstuvwxyz", big = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  for (int i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    const auto s = small.find(c), b = big.find(c);
    CHECK(ascii::is_lower(c) == (s != std::string::npos));
    CHECK(ascii::is_upper(c) == (b != std::string::npos));
    CHECK(ascii::is_letter(c) == (ascii::is_lower(c) || ascii::is_upper(c)));
    CHECK(ascii::is_digit(c) == (std::string("0123456789").find(c) != std::string::npos));
    CHECK(ascii::lower(c) == (b == std::string::npos ? c : small[b]));
    CHECK(ascii::upper(c) == (s == std::string::npos ? c : big[s]));
  }
  CHECK(ascii::lower(std::string_view("SI\xC3\x94N-7 Ab")) == "si\xC3\x94n-7 ab");
}

}  // namespace ascii_test
