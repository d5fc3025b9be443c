// SSNs and other numbers, one at a time.
#include "engine/record/number.h"

#include <doctest/doctest.h>

using namespace tessera::record;

namespace {
std::string ssn(std::string_view text) {
  std::string out = "left over";
  const Finding f = read_ssn(text, out);
  CHECK((f == Finding::none || out.empty()));
  return f == Finding::none ? out : std::string(name_of(f));
}
std::string number(std::string_view text, unsigned length, bool luhn) {
  std::string out = "left over";
  const Finding f = read_number(text, length, luhn, out);
  CHECK((f == Finding::none || out.empty()));
  return f == Finding::none ? out : std::string(name_of(f));
}
}  // namespace

TEST_CASE("ssn: what is read, what is refused, and why") {
  const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                          {"116-68-9290", "116689290"},
                                                          {"116 68 9290", "116689290"},
                                                          {"116689290", "116689290"},
                                                          {"001-01-0001", "001010001"},
                                                          {"899-99-9998", "899999998"},
                                                          {"000-12-3456", "impossible"},
                                                          {"666-12-3456", "impossible"},
                                                          {"900-12-3456", "impossible"},
                                                          {"999-12-3456", "impossible"},
                                                          {"123-00-4567", "impossible"},
                                                          {"123-45-0000", "impossible"},
                                                          {"078-05-1120", "fake"},
                                                          {"219-09-9999", "fake"},
                                                          {"123-45-6789", "fake"},
                                                          {"111-11-1111", "fake"},
                                                          {"000-00-0000", "fake"},
                                                          {"999-99-9999", "fake"},
                                                          {"987-65-4320", "fake"},
                                                          {"987-65-4329", "fake"},
                                                          {"457-55-5462", "fake"},
                                                          {"912-50-1234", "itin"},
                                                          {"912-65-1234", "itin"},
                                                          {"912-66-1234", "impossible"},
                                                          {"912-70-1234", "itin"},
                                                          {"912-88-1234", "itin"},
                                                          {"912-89-1234", "impossible"},
                                                          {"912-92-1234", "itin"},
                                                          {"912-93-1234", "impossible"},
                                                          {"912-94-1234", "itin"},
                                                          {"912-99-1234", "itin"},
                                                          {"16-68-9290", "wrong_length"},
                                                          {"1166892901", "wrong_length"},
                                                          {"9290", "wrong_length"},
                                                          {"S16689290", "not_digits"},
                                                          {"116-68-929O", "not_digits"},
                                                          {"IDRETIRED", "not_digits"},
                                                          {"N/A", "placeholder"},
                                                          {"unknown", "placeholder"},
                                                          {"-", "placeholder"},
                                                          {"XXX", "placeholder"}};
  for (const auto& [text, expected] : examples) {
    CAPTURE(text);
    CHECK(ssn(text) == expected);
  }
}

TEST_CASE("other numbers: length, check digit, impossible ones") {
  CHECK(number("", 10, false) == "");
  CHECK(number("12-345 67890", 10, false) == "1234567890");
  CHECK(number("123456789", 10, false) == "wrong_length");
  CHECK(number("12345678901", 10, false) == "wrong_length");
  CHECK(number("123", 0, false) == "123");
  CHECK(number(std::string(41, '1'), 0, false) == "wrong_length");
  CHECK(number("1111111111", 10, false) == "impossible");
  CHECK(number("0000000000", 10, true) == "impossible");
  CHECK(number("7", 0, false) == "7");
  CHECK(number("12a", 0, false) == "not_digits");
  CHECK(number("none", 0, false) == "placeholder");
  // ISO/IEC 7812-1's example and its neighbours.
  CHECK(number("79927398713", 11, true) == "79927398713");
  for (char last = '0'; last <= '9'; ++last)
    if (last != '3') CHECK(number(std::string("7992739871") + last, 11, true) == "check_digit");
}
