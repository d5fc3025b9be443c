// The word lists: who is in, and who only looks as if.
#include "engine/record/name_words.h"

#include <string>

#include <doctest/doctest.h>

using namespace tessera::record;

TEST_CASE("suffixes and numerals") {
  for (const char* word : {"JR", "SR", "II", "III", "IV", "2ND", "MD", "PHD", "1ST", "VIII"})
    CHECK(is_suffix(word));
  for (const char* word : {"", "J", "JRR", "I", "V", "X", "SMITH", "JR ", "jr"})
    CHECK_FALSE(is_suffix(word));
  for (const char* word : {"I", "V", "VI", "IX"}) CHECK(is_lone_numeral(word));
  for (const char* word : {"", "II", "X", "VII", "IIX"}) CHECK_FALSE(is_lone_numeral(word));
}

TEST_CASE("titles") {
  for (const char* word : {"DR", "MR", "MRS", "REV", "SRA"}) CHECK(is_title(word));
  for (const char* word : {"", "D", "DRS", "SR", "DOC"}) CHECK_FALSE(is_title(word));
}

TEST_CASE("fewer words are particles of given names than of surnames") {
  for (const char* word : {"DE", "LA", "MC", "O", "DEL", "ABDUL"}) {
    CHECK(is_surname_particle(word));
    CHECK(is_given_particle(word));
  }
  for (const char* word : {"VAN", "AL", "SAINT", "SAN", "LE", "VON"}) {
    CHECK(is_surname_particle(word));
    CHECK_FALSE(is_given_particle(word));
  }
  CHECK_FALSE(is_surname_particle("Y"));
  CHECK_FALSE(is_surname_particle("DELACRUZ"));
}

TEST_CASE("placeholders stand for the whole name only") {
  for (const char* whole : {"UNKNOWN", "BABY BOY", "FNU", "X", "XX", "XXX", "AAAA", "N A", "TEST"})
    CHECK(is_placeholder(whole));
  for (const char* whole : {"", "AA", "ANN", "UNKNOWN SMITH", "BO", "XAX", "DO"})
    CHECK_FALSE(is_placeholder(whole));
  CHECK(is_placeholder(std::string(40, 'Q')));
  CHECK(is_no_middle_name("NMN"));
  CHECK(is_no_middle_name("NO MIDDLE NAME"));
  CHECK_FALSE(is_no_middle_name("NM"));
}
