// Single characters and lists, in PCRE2's words.
#include <doctest/doctest.h>

#include "engine/clk/pattern_words.h"

using namespace tessera::clk;

namespace {

std::string in_words(std::string_view python, bool ignore_case = false) {
  const auto out = pattern_words(python, ignore_case);
  REQUIRE_MESSAGE(out, std::string(python));
  return out->text;
}

}  // namespace

TEST_CASE("a character stands as its code, whatever spelt it") {
  for (const char* spelt : {"A", "\\x41", "\\u0041", "\\U00000041", "\\101"})
    CHECK_MESSAGE(in_words(spelt) == "\\x{41}", spelt);
  CHECK(in_words("\\0") == "\\x{0}");
  CHECK(in_words("\\.\\\n") == "\\x{2e}\\x{a}");
  for (const char* bad : {"\\x4", "\\u12", "\\U00110000", "\\400", "\\q", "\\", "[\\q]", "[\\8]"})
    CHECK_FALSE_MESSAGE(pattern_words(bad, false), bad);
}

TEST_CASE("lists keep their ends and their kinds") {
  CHECK(in_words("[]a-c]") == "[\\x{5d}\\x{61}-\\x{63}]");
  CHECK(in_words("[^^-]") == "[^\\x{5e}\\x{2d}]");
  CHECK(in_words("[\\d-]") == "[\\d\\x{2d}]");
  for (const char* bad : {"[c-a]", "[a-\\d]", "[\\d-a]", "[a", "[]", "[^]"})
    CHECK_FALSE_MESSAGE(pattern_words(bad, false), bad);
}

TEST_CASE("four letters are one where case is ignored") {
  CHECK(in_words("i") == "\\x{69}");
  CHECK(in_words("i", true) == "[\\x{69}\\x{49}\\x{130}\\x{131}]");
  CHECK(in_words("[h-j]", true) == "[\\x{68}-\\x{6a}\\x{69}\\x{49}\\x{130}\\x{131}]");
  CHECK(in_words("(?-i:i)", true) == "(?-i:\\x{69})");
}
