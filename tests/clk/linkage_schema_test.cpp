#include "engine/clk/linkage_schema.h"

#include <doctest/doctest.h>

#include "engine/core/file.h"

using namespace tessera;
using namespace tessera::clk;

namespace {

std::string schema_file(const std::string& name) {
  auto text = read_file(std::string(TESSERA_TEST_DATA) + "/golden/clk/upstream_schema/" + name);
  REQUIRE_MESSAGE(text, name);
  return *text;
}
Result<LinkageSchema> load(const std::string& text, bool strict = false) {
  return load_linkage_schema(text, "schema.json", {strict});
}
// Replaces the first occurrence in a schema that is good as it stands.
std::string good(std::string_view from = "", std::string_view to = "") {
  std::string s =
      R"({"version":3,"clkConfig":{"l":1024,"kdf":{"type":"HKDF","salt":"AAAA","keySize":64}},)"
      R"("features":[{"identifier":"a","ignored":true},)"
      R"({"identifier":"b","format":{"type":"string","case":"upper","minLength":1},)"
      R"("hashing":{"comparison":{"type":"ngram","n":2,"positional":false},)"
      R"("strategy":{"bitsPerFeature":100},"hash":{"type":"doubleHash","prevent_singularity":true},)"
      R"("missingValue":{"sentinel":"","replaceWith":"x"}}},)"
      R"({"identifier":"c","format":{"type":"integer","minimum":-5,"maximum":9},)"
      R"("hashing":{"comparison":{"type":"numeric","thresholdDistance":2.5,"resolution":3,"fractional_precision":1},)"
      R"("strategy":{"bitsPerToken":7}}}]})";
  if (!from.empty()) {
    const std::size_t at = s.find(from);
    REQUIRE(at != std::string::npos);
    s.replace(at, from.size(), to);
  }
  return s;
}

}  // namespace

TEST_CASE("upstream's schemas are accepted or refused as upstream does") {
  for (const char* name : {"good-schema-v1.json", "good-schema-v2.json", "good-schema-v3.json"}) {
    const auto s = load(schema_file(name));
    REQUIRE_MESSAGE(s, name, s ? "" : s.error().what + s.error().where);
    CHECK(s->features.size() == 12);
    CHECK(s->length == 1024);
    CHECK(s->features[0].ignored);
    CHECK_FALSE(s->features[1].ignored);
  }
  const auto ignorant = load(schema_file("ignorant-schema-v3.json"));
  REQUIRE(ignorant);
  REQUIRE(ignorant->features.size() == 3);
  CHECK(ignorant->features[0].ignored);
  CHECK(ignorant->features[1].ignored);
  CHECK_FALSE(ignorant->features[2].ignored);
  for (const char* name : {"bad-schema-v1.json", "bad-schema-v2.json", "bad-schema-v3.json",
                           "good-but-unsupported-schema-v1.json"})
    CHECK_FALSE_MESSAGE(load(schema_file(name)), name);
}

TEST_CASE("a good schema is read field by field") {
  const auto s = load(good());
  REQUIRE(s);
  CHECK(s->key_size == 64);
  CHECK(s->salt == Bytes{0, 0, 0});
  CHECK(s->info.empty());
  const Feature& b = s->features[1];
  CHECK(b.letters == Case::upper);
  CHECK(*b.min_length == 1);
  CHECK(b.hash == Hash::doubled);
  CHECK(b.prevent_singularity);
  CHECK_FALSE(b.per_token);
  CHECK(b.bits == 100);
  CHECK(*b.sentinel == "");
  CHECK(b.replacement == "x");
  const Feature& c = s->features[2];
  CHECK(*c.minimum == "-5");
  CHECK(*c.maximum == "9");
  CHECK(c.distance == "25");
  CHECK(c.resolution == 3);
  CHECK(c.per_token);
  CHECK(c.hash == Hash::blake);
}

TEST_CASE("every rule of the schema bites") {
  for (const auto& rule : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {R"("version":3)", R"("version":4)"},
           {R"("version":3)", R"("version":"3")"},
           {R"("version":3)", R"("version":true)"},
           {R"("version":3,)", ""},
           {R"("l":1024)", R"("l":0)"},
           {R"("l":1024)", R"("l":"1024")"},
           {R"("l":1024)", R"("l":1024.5)"},
           {R"("l":1024)", R"("l":1024.0)"},  // accepted by clkhash, and fails when it encodes
           {R"("n":2)", R"("n":2.0)"},
           {R"("resolution":3)", R"("resolution":3.0)"},
           {R"("fractional_precision":1)", R"("fractional_precision":1.0)"},
           {R"("keySize":64)", R"("keySize":64.0)"},
           {R"("l":1024,)", R"("l":1024,"xor_folds":1.0,)"},
           {R"("salt":"AAAA")", "\"salt\":\"AAAA\u00e9\""},
           {R"("l":1024)", R"("l":1000)"},  // blakeHash wants a power of two
           {R"("l":1024,)", R"("l":1024,"xorFolds":-1,)"},
           {R"("l":1024,)", R"("l":1024,"xor_folds":-1,)"},
           {R"("type":"HKDF")", R"("type":"legacy")"},
           {R"("salt":"AAAA")", R"("salt":"AAAAA")"},
           {R"("salt":"AAAA")", R"("salt":5)"},
           {R"("salt":"AAAA")", R"("hash":"SHA1")"},
           {R"("keySize":64)", R"("keySize":0)"},
           {R"("keySize":64)", R"("keySize":65)"},    // BLAKE2b
           {R"("keySize":64)", R"("keySize":2000)"},  // HKDF
           {R"("identifier":"a",)", ""},
           {R"("ignored":true)", R"("ignored":false)"},
           {R"("ignored":true)", R"("ignored":true,"x":1)"},
           {R"("type":"string")", R"("type":"text")"},
           {R"("case":"upper")", R"("case":"title")"},
           {R"("case":"upper")", R"("encoding":"latin-1")"},
           {R"("case":"upper")", R"("pattern":"a")"},
           {R"("minLength":1)", R"("minLength":-1)"},
           {R"("minLength":1)", R"("maxLength":0)"},
           {R"("minLength":1)", R"("unknown":0)"},
           {R"("n":2)", R"("n":0)"},
           {R"("n":2,)", ""},
           {R"("positional":false)", R"("positional":0)"},
           {R"("bitsPerFeature":100)", R"("bitsPerFeature":0)"},
           {R"("bitsPerFeature":100)", R"("bitsPerFeature":10.5)"},
           {R"("bitsPerFeature":100)", R"("bitsPerFeature":1,"bitsPerToken":1)"},
           {R"("bitsPerFeature":100)", ""},
           {R"("bitsPerFeature":100)", R"("k":100)"},
           {R"("type":"doubleHash")", R"("type":"md5")"},
           {R"("type":"doubleHash")", R"("type":"blakeHash")"},
           {R"("prevent_singularity":true)", R"("prevent_singularity":1)"},
           {R"("sentinel":"",)", ""},
           {R"("replaceWith":"x")", R"("replaceWith":null)"},
           {R"("minimum":-5)", R"("minimum":0.5)"},
           {R"("thresholdDistance":2.5)", R"("thresholdDistance":0)"},
           {R"("thresholdDistance":2.5)", R"("thresholdDistance":0.01)"},  // rounds to 0
           {R"("resolution":3)", R"("resolution":0)"},
           {R"("fractional_precision":1)", R"("fractional_precision":-1)"},
           {R"("type":"numeric")", R"("type":"ordinal")"}})
    CHECK_FALSE_MESSAGE(load(good(rule.first, rule.second)), rule.second);
  // And what looks odd but is accepted.
  for (const auto& rule : std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {R"("version":3)", R"("version":3.0)"},
           {R"("version":3)", R"("version":3,"extra":1)"},
           {R"("l":1024,)", R"("l":1024,"anything":[],)"},
           {R"("minLength":1)", R"("minLength":1.0)"},
           {R"("bitsPerFeature":100)", R"("bitsPerFeature":100.0)"},
           {R"("fractional_precision":1)", R"("fractional_precision":0.0)"},
           {R"("salt":"AAAA")", R"("salt":"A!A\nAA")"},  // characters outside the alphabet
           {R"("n":2)", R"("n":2,"extra":0)"},
           {R"("sentinel":"",)", R"("sentinel":"","extra":0,)"}})
    CHECK_MESSAGE(load(good(rule.first, rule.second)), rule.second);
}

TEST_CASE("one bit has no second hash that is not 0") {
  const std::string one =
      R"({"version":3,"clkConfig":{"l":1,"kdf":{"type":"HKDF"}},"features":[{"identifier":"a",)"
      R"("format":{"type":"string"},"hashing":{"comparison":{"type":"exact"},)"
      R"("strategy":{"bitsPerToken":1},"hash":{"type":"doubleHash","prevent_singularity":true}}}]})";
  CHECK_FALSE(load(one));
  std::string more = one;
  more.replace(more.find("true"), 4, "false");
  CHECK(load(more));
  more = one;
  more.replace(more.find("\"l\":1"), 5, R"("xor_folds":1,"l":1)");
  CHECK(load(more));
  CHECK_FALSE(load(R"({"version":3,"clkConfig":{"l":1,"kdf":{"type":"HKDF"}},"features":[]})"));
}

TEST_CASE("weights round half to even when version 1 is upgraded") {
  const auto with = [](const std::string& weight) {
    return load(
        R"({"version":1,"clkConfig":{"l":64,"k":5,"hash":{"type":"doubleHash"},)"
        R"("kdf":{"type":"HKDF"}},"features":[{"identifier":"x","format":{"type":"string"},)"
        R"("hashing":{"ngram":2,"weight":)" +
        weight + "}}]}");
  };
  CHECK(with("0.5")->features[0].bits == 2);  // 2.5
  CHECK(with("1.5")->features[0].bits == 8);  // 7.5
  CHECK(with("1")->features[0].bits == 5);
  CHECK(with("0")->features[0].ignored);
  CHECK_FALSE(with("0.05"));  // 0.25: no bits, which version 3 refuses
  CHECK_FALSE(with("-1"));
}

TEST_CASE(
    "xorFolds is ignored with a warning, honoured when strict, refused when the two disagree") {
  const std::string text = good(R"("l":1024,)", R"("l":1024,"xorFolds":2,)");
  const auto loose = load(text);
  REQUIRE(loose);
  CHECK(loose->folds == 0);
  CHECK(loose->warnings.size() == load(good())->warnings.size() + 1);
  CHECK(load(text, true)->folds == 2);
  const std::string both = good(R"("l":1024,)", R"("l":1024,"xorFolds":2,"xor_folds":1,)");
  CHECK(load(both)->folds == 1);
  CHECK_FALSE(load(both, true));
}
