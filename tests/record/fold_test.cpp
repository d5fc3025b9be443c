// Folding: examples, and the fast path against ICU.
#include "engine/record/fold.h"

#include <doctest/doctest.h>

#include "engine/core/random.h"

using tessera::record::fold;
using tessera::record::fold_with_icu;

TEST_CASE("folding to A-Z") {
  const std::pair<const char*, const char*> examples[] = {
      {"", ""},
      {"  Mary   Ann ", "MARY ANN"},
      {"O'Brien", "OBRIEN"},
      {"O\u2019Brien", "OBRIEN"},
      {"O`Brien", "OBRIEN"},
      {"D' Angelo", "D ANGELO"},
      {"Garcia-Lopez", "GARCIA LOPEZ"},
      {"Garc\u00eda\u2013L\u00f3pez", "GARCIA LOPEZ"},
      {"Nguy\u1ec5n", "NGUYEN"},
      {"Nguye\u0302\u0303n", "NGUYEN"},  // decomposed
      {"Mu\u00f1oz", "MUNOZ"},
      {"Stra\u00dfe", "STRASSE"},
      {"S\u00f8rensen", "SORENSEN"},
      {"\u0141ukasz", "LUKASZ"},
      {"\u00c6gir", "AEGIR"},
      {"\u0130brahim", "IBRAHIM"},
      {"\uff2a\uff4f\uff48\uff4e", "JOHN"},  // full width
      {"\u0418\u0432\u0430\u043d\u043e\u0432", "IVANOV"},
      {"\u03a0\u03b1\u03c0\u03b1\u03b4\u03cc\u03c0\u03bf\u03c5\u03bb\u03bf\u03c2", "PAPADOPOULOS"},
      {"\u738b\u5c0f\u660e", "WANG XIAO MING"},
      {"Ka\u02bbiulani", "KAIULANI"},
      {"William (Bill)", "WILLIAM (BILL)"},
      {"William \u201cBill\u201d", "WILLIAM \"BILL\""},
      {"William 'Bill'", "WILLIAM \"BILL\""},
      {"William ''Bill''", "WILLIAM \"BILL\""},
      {"William [Bill]", "WILLIAM (BILL)"},
      {"N/A", "N A"},
      {"*", ""},
      {"...", ""},
      {"J.R.", "J R"},
      {"Smith, Jr.", "SMITH JR"},
      {"2nd", "2ND"},
      {"a\tb\nc", "A B C"},
      {"\xff\xfe bad \xc3", "BAD"}};
  for (const auto& [text, expected] : examples) {
    CAPTURE(text);
    CHECK(fold(text) == expected);
  }
}

TEST_CASE("the ASCII path and ICU agree: all short strings, then random ones") {
  const std::string alphabet = "aZ9 '\"(-.`";
  std::string text;
  for (std::size_t n = 0; n < alphabet.size() * alphabet.size() * alphabet.size(); ++n) {
    text.clear();
    for (std::size_t k = n; text.size() < 3; k /= alphabet.size())
      text.push_back(alphabet[k % alphabet.size()]);
    REQUIRE(fold(text) == fold_with_icu(text));
  }
  for (int c = 0; c < 128; ++c) {
    text = {'A', static_cast<char>(c), 'b'};
    CAPTURE(c);
    REQUIRE(fold(text) == fold_with_icu(text));
  }
  tessera::Splitmix random(7);
  for (int i = 0; i < 2000; ++i) {
    text.clear();
    for (std::size_t n = random.below(24); n > 0; --n)
      text.push_back(static_cast<char>(random.below(95) + 32));
    CAPTURE(text);
    REQUIRE(fold(text) == fold_with_icu(text));
  }
}

TEST_CASE("folded text folds to itself, and holds only what it may") {
  tessera::Splitmix random(8);
  for (int i = 0; i < 2000; ++i) {
    std::string text;
    for (std::size_t n = random.below(16); n > 0; --n)
      text.push_back(static_cast<char>(random.below(256)));
    const std::string once = fold(text);
    REQUIRE(fold(once) == once);
    REQUIRE(once.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ()\"") ==
            std::string::npos);
    REQUIRE(once.find("  ") == std::string::npos);
  }
}
