// Older schemas in the words of newer ones, member by member, against what clkhash's description
// says of each.
#include <doctest/doctest.h>

#include "engine/clk/linkage_schema.h"

namespace schema_upgrade_test {

using namespace tessera;
using namespace tessera::clk;

namespace {

json::Value value(const std::string& text) {
  auto v = json::parse(text, "schema");
  REQUIRE_MESSAGE(v, text);
  return *std::move(v);
}
std::string upgraded_text(const std::string& text, int version) {
  return json::to_canonical(upgraded(value(text), version));
}

const std::string kFormat = R"("format":{"type":"string"})";

std::string version_1(const std::string& config, const std::string& hashing) {
  return R"({"version":1,"clkConfig":{"l":64,"k":5,"hash":{"type":"doubleHash"},"kdf":{"type":"HKDF"})" +
         config + R"(},"features":[{"identifier":"x",)" + kFormat + R"(,"hashing":)" + hashing +
         "}]}";
}
std::string version_2(const std::string& hashing) {
  return R"({"version":2,"clkConfig":{"l":64,"kdf":{"type":"HKDF"}},"features":[{"identifier":"x",)" +
         kFormat + R"(,"hashing":)" + hashing + "}]}";
}
std::string version_3(const std::string& config, const std::string& hashing) {
  return json::to_canonical(value(R"({"version":3,"clkConfig":{"l":64,"kdf":{"type":"HKDF"})" +
                                  config + R"(},"features":[{"identifier":"x",)" + kFormat +
                                  R"(,"hashing":)" + hashing + "}]}"));
}

}  // namespace

TEST_CASE("version 2: k and numBits are renamed, ngram and positional become a comparison") {
  CHECK(upgraded_text(version_2(R"({"ngram":2,"strategy":{"k":7}})"), 2) ==
        version_3("", R"({"comparison":{"type":"ngram","n":2,"positional":false},)"
                      R"("strategy":{"bitsPerToken":7}})"));
  CHECK(upgraded_text(version_2(R"({"ngram":3,"positional":true,"strategy":{"numBits":100},)"
                                R"("hash":{"type":"blakeHash"},"missingValue":{"sentinel":"-"}})"),
                      2) ==
        version_3("", R"({"comparison":{"type":"ngram","n":3,"positional":true},)"
                      R"("strategy":{"bitsPerFeature":100},"hash":{"type":"blakeHash"},)"
                      R"("missingValue":{"sentinel":"-"}})"));
}

TEST_CASE("version 1: the weight times k, the one hash for everybody, xor_folds kept") {
  const std::string hash = R"("hash":{"type":"doubleHash"})";
  const std::string comparison = R"({"comparison":{"type":"ngram","n":2,"positional":false},)";
  CHECK(upgraded_text(version_1("", R"({"ngram":2,"weight":3})"), 1) ==
        version_3(R"(,"xor_folds":0)",
                  comparison + R"("strategy":{"bitsPerToken":15},)" + hash + "}"));
  CHECK(upgraded_text(version_1(R"(,"xor_folds":2)", R"({"ngram":2,"hash":{"type":"blakeHash"}})"),
                      1) ==
        version_3(R"(,"xor_folds":2)",
                  comparison + R"("strategy":{"bitsPerToken":5},)" + hash + "}"));
}

TEST_CASE("version 1: a weight of nothing ignores the feature; ignored features stay as they are") {
  const json::Value none = upgraded(value(version_1("", R"({"ngram":2,"weight":0})")), 1);
  const json::Value& feature = (*none.find("features")->as_array())[0];
  CHECK(json::to_canonical(feature) == R"({"identifier":"x","ignored":true})");
  const std::string ignored =
      R"({"version":1,"clkConfig":{"l":64,"k":5,"hash":{"type":"blakeHash"},"kdf":{"type":"HKDF"}},)"
      R"("features":[{"identifier":"x","ignored":true,"description":"d"}]})";
  const json::Value kept = upgraded(value(ignored), 1);
  CHECK(json::to_canonical((*kept.find("features")->as_array())[0]) ==
        R"({"description":"d","identifier":"x","ignored":true})");
}

}  // namespace schema_upgrade_test
