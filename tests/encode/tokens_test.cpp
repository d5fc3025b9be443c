#include "engine/encode/tokens.h"

#include <algorithm>
#include <set>

#include <doctest/doctest.h>

#include "engine/core/digest.h"

using namespace tessera;
using encode::Block;
using encode::Domain;

namespace {

// "AN/0" for token AN, first copy.
std::vector<std::string> read(const std::vector<Block>& blocks) {
  std::vector<std::string> out;
  for (const Block& b : blocks) {
    std::string text;
    for (std::size_t i = 4; i < 16 && b[i] != 0; ++i) text += static_cast<char>(b[i]);
    out.push_back(text + "/" + std::to_string(b[1]));
  }
  return out;
}

std::vector<std::string> bigrams(std::string_view text) {
  std::vector<Block> out;
  append_bigrams(Domain::name, text, out);
  return read(out);
}

}  // namespace

TEST_CASE("bigrams are padded, and a repeated one is a token of its own") {
  using Texts = std::vector<std::string>;
  CHECK(bigrams("ANNA") == Texts{" A/0", "AN/0", "NN/0", "NA/0", "A /0"});
  CHECK(bigrams("A") == Texts{" A/0", "A /0"});
  CHECK(bigrams("AAAA") == Texts{" A/0", "AA/0", "AA/1", "AA/2", "A /0"});
  CHECK(bigrams("LE LE") == Texts{" L/0", "LE/0", "E /0", " L/1", "LE/1", "E /1"});
}

TEST_CASE("repeats are counted within a value, not before it") {
  std::vector<Block> out;
  append_bigrams(Domain::name, "AN", out);
  append_bigrams(Domain::name, "AN", out);
  CHECK(out[0] == out[3]);
  CHECK(out[1] == out[4]);
}

TEST_CASE("domains keep equal texts apart") {
  std::vector<Block> name, middle;
  append_bigrams(Domain::name, "ANN", name);
  append_bigrams(Domain::middle, "ANN", middle);
  for (std::size_t i = 0; i < name.size(); ++i) CHECK(name[i] != middle[i]);
}

TEST_CASE("a token of up to twelve bytes stands as it is, a longer one by its hash") {
  const Block twelve = encode::token_block(17, 0, "ABCDEFGHIJKL");
  CHECK(twelve[0] == 17);
  CHECK(std::equal(twelve.begin() + 4, twelve.end(), "ABCDEFGHIJKL"));
  const Block longer = encode::token_block(17, 0, "ABCDEFGHIJKLM");
  CHECK(longer[0] == 17 + 128);
  const Sha256 h = sha256(as_bytes("ABCDEFGHIJKLM"));
  CHECK(std::equal(longer.begin() + 4, longer.end(), h.begin()));
  CHECK(encode::token_block(17, 0, "ABCDEFGHIJKLMN") != longer);
  CHECK(twelve[2] == 0);  // the counter's place
  CHECK(twelve[3] == 0);
}

TEST_CASE("digits with their place, and neighbours without it") {
  std::vector<Block> out;
  append_digits(Domain::number, "112", out);
  CHECK(read(out) == std::vector<std::string>{"A:1/0", "B:1/0", "p11/0", "C:2/0", "p12/0"});
  // A wrong digit, a slip and an exchange leave tokens in common.
  auto shared = [](std::string_view a, std::string_view b) {
    std::vector<Block> x, y;
    append_digits(Domain::number, a, x);
    append_digits(Domain::number, b, y);
    return std::ranges::count_if(
        x, [&](const Block& t) { return std::ranges::find(y, t) != y.end(); });
  };
  CHECK(shared("123456789", "123456789") == 17);
  CHECK(shared("123456789", "123456780") == 15);
  CHECK(shared("123456789", "123546789") == 12);
  CHECK(shared("123456789", "234567891") >= 7);
}

TEST_CASE("tokens of one value are all different") {
  std::vector<Block> out;
  append_digits(Domain::number, "11111111111111111111111111111111", out);
  append_bigrams(Domain::name, "ABABABABAB ABAB", out);
  CHECK(std::set<Block>(out.begin(), out.end()).size() == out.size());
}
