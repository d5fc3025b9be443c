// Taking folded names apart, word by word.
#include "engine/record/name_split.h"

#include <doctest/doctest.h>

#include "engine/record/name_words.h"

using namespace tessera::record;

namespace {

std::string show(const Words& words) {
  std::string out;
  for (std::size_t i = 0; i < words.n; ++i) {
    if (i > 0) out += '+';
    out += words.at[i];
  }
  return out;
}

// "MARY+ANN/BILL": words by +, the main name and each bracket's by /.
std::string split(std::string folded) {
  const Split s = split_name(folded);
  std::string out = show(s.main);
  for (std::size_t i = 0; i < s.other_count; ++i) out += "/" + show(s.others[i]);
  return out;
}

Words words_of(const std::string& text) {
  static std::string kept;
  kept = text;
  return split_name(kept).main;
}

std::string stripped(const std::string& text, bool numerals) {
  Words words = words_of(text);
  strip_titles_and_suffixes(words, numerals);
  return show(words);
}

std::string glued(const std::string& text, bool (*is_particle)(std::string_view)) {
  std::vector<std::string> parts;
  glue_particles(words_of(text), is_particle, parts);
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "+") + part;
  return out;
}

}  // namespace

TEST_CASE("words outside brackets and quotes, and the names inside them") {
  CHECK(split("") == "");
  CHECK(split("MARY ANN") == "MARY+ANN");
  CHECK(split("WILLIAM (BILL) HENRY") == "WILLIAM+HENRY/BILL");
  CHECK(split("WILLIAM \"BILL\" HENRY") == "WILLIAM+HENRY/BILL");
  CHECK(split("(BILL)") == "/BILL");
  CHECK(split("WILLIAM (BILL JOE") == "WILLIAM/BILL+JOE");
  CHECK(split("WILLIAM )") == "WILLIAM");
  CHECK(split("A (B) (C)") == "A/B/C");
  CHECK(split("A (B) (C) (D)") == "A/B/C+D");  // two names beside the first: the rest joins them
  CHECK(split("A (\"B\")") == "A/B");
}

TEST_CASE("digits go from words, not from suffixes") {
  CHECK(split("SMITH2") == "SMITH");
  CHECK(split("SMITH 2ND") == "SMITH+2ND");
  CHECK(split("SMITH 2NDX") == "SMITH+NDX");
  CHECK(split("1 2 3") == "");
  CHECK(split("A1 (B2)") == "A/B");
}

TEST_CASE("no more than twelve words are read") {
  std::string text = "W";
  for (int i = 1; i < 40; ++i) text += " W";
  std::string folded = text;
  CHECK(split_name(folded).main.n == Words::kMost);
}

TEST_CASE("titles lead, suffixes trail, and the last word stays") {
  CHECK(stripped("DR MARY SMITH JR", false) == "MARY+SMITH");
  CHECK(stripped("MR DR SMITH", false) == "SMITH");
  CHECK(stripped("SMITH JR III", false) == "SMITH");
  CHECK(stripped("JR", false) == "JR");
  CHECK(stripped("DR", false) == "DR");
  CHECK(stripped("DR JR", false) == "JR");
  CHECK(stripped("SMITH V", false) == "SMITH+V");
  CHECK(stripped("SMITH V", true) == "SMITH");
  CHECK(stripped("V", true) == "V");
  CHECK(stripped("SMITH DR", false) == "SMITH+DR");
}

TEST_CASE("a particle goes with the word after it") {
  CHECK(glued("DE LA CRUZ", is_surname_particle) == "DELACRUZ");
  CHECK(glued("GARCIA DE LA CRUZ", is_surname_particle) == "GARCIA+DELACRUZ");
  CHECK(glued("SAINT CLAIR", is_surname_particle) == "STCLAIR");
  CHECK(glued("CLAIR SAINT", is_surname_particle) == "CLAIR+SAINT");
  CHECK(glued("DE LA", is_surname_particle) == "DELA");
  CHECK(glued("VAN ANH", is_given_particle) == "VAN+ANH");
  CHECK(glued("VAN ANH", is_surname_particle) == "VANANH");
}

TEST_CASE("words together may be a placeholder that none of them is") {
  CHECK(words_of("DO NOT USE").placeholder());
  CHECK_FALSE(words_of("DO").placeholder());
  CHECK(words_of("UNKNOWN").placeholder());
  CHECK_FALSE(words_of("ANN UNKNOWN").placeholder());
}

TEST_CASE("names are joined by blanks and added once") {
  CHECK(join({"ANN"}) == "ANN");
  CHECK(join({"ANN", "MARIE"}) == "ANN MARIE");
  CHECK(join({}) == "");
  std::vector<Name> names;
  CHECK(add_name({"ANN", {"ANN"}, {"ANN"}}, names));
  CHECK_FALSE(add_name({"ANN", {"ANN"}, {"ANNA"}}, names));
  CHECK(add_name({"ANNE", {"ANNE"}, {"ANN"}}, names));
  CHECK(names.size() == 2);
}
