// The words themselves; that they match as CPython does is in python_test.cpp.
#include "engine/clk/pattern_words.h"

#include <doctest/doctest.h>

#include "engine/clk/pattern_reader.h"

using namespace tessera::clk;

namespace {

std::string words(std::string_view python) {
  const auto out = pattern_words(python, false);
  REQUIRE_MESSAGE(out, std::string(python));
  return out->text;
}

}  // namespace

TEST_CASE("groups have numbers, blanks and comments go, braces say both ends") {
  CHECK(words("(?P<y>.)(?P=y)") == "(.)\\g{1}");
  CHECK(words("(?P<y>.)?(?(y)^|$)") == "(.)?(?(1)^|$)");
  CHECK(words("(?x) . # dots\n .(?#two)+") == "..+");
  CHECK(words(".{2}.{,3}?.{4,}+.{,}") == ".{2,2}.{0,3}?.{4,}+.{0,}");
  CHECK(words("(?sm).") == "(?sm).");
  CHECK(words("(?i-s:.)(?x:. .)") == "(?i-s:.)(?:..)");
}

TEST_CASE("flags of all hold outside of the words") {
  const auto ascii = pattern_words("(?a)\\w", false);
  REQUIRE(ascii);
  CHECK(ascii->ascii);
  CHECK_FALSE(ascii->ignore_case);
  CHECK(pattern_words("(?i).", false)->ignore_case);
  CHECK(pattern_words(".", true)->ignore_case);
  CHECK_FALSE(pattern_words(".(?i)", false));
}

TEST_CASE("looking behind wants one width") {
  for (const char* fixed : {"(?<=a|b)c", "(?<=(?:ab|cd){2})e", "(a{3})(?<=\\1)", "(?<=)"})
    CHECK_MESSAGE(pattern_words(fixed, false), fixed);
  for (const char* loose : {"(?<=a|bc)d", "(?<=a?)b", "(?<=a*)b", "(a+)(?<=\\1)", "(?<=(a)\\1)"})
    CHECK_FALSE_MESSAGE(pattern_words(loose, false), loose);
}
