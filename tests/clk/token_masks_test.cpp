// Masks against the positions that hashing gives, token by token, through every memo.
#include "engine/clk/token_masks.h"

#include <doctest/doctest.h>

#include "engine/clk/tokens.h"

namespace token_masks_test {

using namespace tessera;
using namespace tessera::clk;

namespace {

LinkageSchema schema_of(Hash hash, std::uint64_t length) {
  LinkageSchema schema;
  schema.length = length;
  schema.features.resize(2);
  for (Feature& f : schema.features) {
    f.hash = hash;
    f.bits = 100;
  }
  return schema;
}

// The mask of all tokens of a value, hashed one by one.
std::vector<std::uint64_t> plain(const LinkageSchema& schema, const FeatureKeys& keys,
                                 std::size_t index, std::string_view value) {
  const Feature& f = schema.features[index];
  std::vector<std::string> tokens;
  CHECK(tokenize(f, value, false, tokens));
  std::vector<std::uint64_t> out((schema.length + 63) / 64);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const std::uint64_t k = bits_of_token(f, i, tokens.size());
    std::vector<std::uint32_t> positions;
    const std::string bytes = encoded(tokens[i], f.encoding).value();
    if (f.hash == Hash::blake)
      blake_positions(bytes, keys.key(index, 0), k, schema.length, positions);
    else
      DoubleHash(keys.key(index, 0), keys.key(index, 1))
          .positions(bytes, k, schema.length, f.prevent_singularity, positions);
    for (const std::uint32_t p : positions)
      reinterpret_cast<std::uint8_t*>(out.data())[p / 8] |=
          static_cast<std::uint8_t>(0x80U >> (p % 8));
  }
  return out;
}

void check_values(const LinkageSchema& schema) {
  const auto keys = FeatureKeys::derive(schema, as_bytes("a secret"));
  REQUIRE(keys);
  const std::size_t words = (schema.length + 63) / 64;
  for (std::size_t index = 0; index < schema.features.size(); ++index) {
    const Feature& f = schema.features[index];
    TokenMasks masks(f, *keys, index, schema.length);
    MaskSum sum(words);
    std::vector<std::uint64_t> got(words);
    // Twice: the second time from the memos. Lengths rise and fall, so runs grow and are cut.
    for (const std::string& value :
         std::vector<std::string>{"anna", "a", "an", "annabella of somewhere", "nanna", "anna", "a",
                                  "annn", "\xC3\xA9tan", "an\xC3\xA9", "\xE2\x82\xAC", "anna",
                                  "\xC3\xA9tan", std::string("a\0b", 3)}) {
      if (masks.takes(value)) {
        masks.add_grams(value, sum);
      } else {
        std::vector<std::string> tokens;
        CHECK(tokenize(f, value, false, tokens));
        for (std::size_t i = 0; i < tokens.size(); ++i)
          CHECK(masks.add(tokens[i], bits_of_token(f, i, tokens.size()), sum));
      }
      sum.move_to(got);
      CHECK_MESSAGE(got == plain(schema, *keys, index, value), value);
    }
  }
}

}  // namespace

TEST_CASE("masks are what hashing every token gives") {
  for (const Hash hash : {Hash::blake, Hash::doubled})
    for (const std::uint64_t length : {64, 1024})
      for (const std::uint64_t n : {1, 2, 3, 8, 9})
        for (const bool positional : {false, true})
          for (const bool per_token : {false, true}) {
            LinkageSchema schema = schema_of(hash, length);
            for (Feature& f : schema.features) {
              f.n = n;
              f.positional = positional;
              f.per_token = per_token;
            }
            schema.features[1].encoding = Encoding::utf16;
            check_values(schema);
          }
}

TEST_CASE("masks that no memo has room for are no different") {
  LinkageSchema schema = schema_of(Hash::doubled, 1 << 24);
  for (Feature& f : schema.features) f.bits = 70;
  schema.features.resize(1);
  check_values(schema);  // four masks fit
}

TEST_CASE("a token outside ASCII is refused where the schema names ASCII, whatever its bits") {
  LinkageSchema schema = schema_of(Hash::blake, 64);
  schema.features[0].encoding = Encoding::ascii;
  const auto keys = FeatureKeys::derive(schema, as_bytes("s"));
  REQUIRE(keys);
  TokenMasks masks(schema.features[0], *keys, 0, schema.length);
  MaskSum sum(1);
  CHECK(masks.add("a", 3, sum));
  CHECK(masks.add("a", 0, sum));
  CHECK_FALSE(masks.add("\xC3\xA9", 3, sum));
  CHECK_FALSE(masks.add("\xC3\xA9", 0, sum));
  CHECK_FALSE(masks.takes("\xC3\xA9"));
}

}  // namespace token_masks_test
