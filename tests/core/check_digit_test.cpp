#include "engine/core/check_digit.h"

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("the check digit is Damm's: the published example, and 0 after its own number") {
  CHECK(check_digit("572") == '4');
  CHECK(check_digit("5724") == '0');
  CHECK(check_digit("") == '0');
}
