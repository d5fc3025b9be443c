#include "engine/core/check_digit.h"

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("the check digit is Damm's: the published example, and 0 after its own number") {
  CHECK(check_digit("572") == '4');
  CHECK(check_digit("5724") == '0');
  CHECK(check_digit("") == '0');
}

TEST_CASE("what is wrong with a state ID is said without it") {
  CHECK(fault_of_state_id("1234567894").empty());
  for (const char* bad : {"", "123456789", "12345678941", "0234567890", "1234567895", "1234-67894",
                          "123456789 ", "12345678\xC2\xB2"}) {
    CAPTURE(bad);
    const std::string fault = fault_of_state_id(bad);
    CHECK_FALSE(fault.empty());
    CHECK((*bad == '\0' || fault.find(bad) == std::string::npos));
  }
}
