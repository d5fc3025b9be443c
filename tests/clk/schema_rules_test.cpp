// Which version a document is of, and what each version allows that another refuses.
#include <doctest/doctest.h>

#include "engine/clk/linkage_schema.h"

using namespace tessera;
using namespace tessera::clk;

namespace {

json::Value value(const std::string& text) {
  auto v = json::parse(text, "schema");
  REQUIRE_MESSAGE(v, text);
  return *std::move(v);
}
std::string document(int version, const std::string& config, const std::string& features) {
  return R"({"version":)" + std::to_string(version) +
         R"(,"clkConfig":{"l":64,"kdf":{"type":"HKDF"})" + config + R"(},"features":[)" + features +
         "]}";
}
std::string feature(const std::string& hashing, const std::string& format = R"({"type":"string"})",
                    const std::string& more = "") {
  return R"({"identifier":"x","format":)" + format + R"(,"hashing":)" + hashing + more + "}";
}
bool passes(int version, const std::string& text) {
  return check_document(value(text), version, "s").has_value();
}

const std::string kOne = R"(,"k":5,"hash":{"type":"doubleHash"})";  // what version 1 has besides

}  // namespace

TEST_CASE("versions are 1, 2 and 3") {
  for (const int v : {1, 2, 3}) CHECK(*check_version(value(document(v, "", "")), "s") == v);
  for (const char* bad :
       {R"({"version":0})", R"({"version":4})", R"({"version":"3"})", R"({})", "[]"})
    CHECK_FALSE_MESSAGE(check_version(value(bad), "s"), bad);
  CHECK(*check_version(value(R"({"version":2.0})"), "s") == 2);
}

TEST_CASE("each version has hashing of its own") {
  const std::string one = feature(R"({"ngram":2,"weight":1.5})");
  const std::string two = feature(R"({"ngram":2,"strategy":{"k":5}})");
  const std::string three =
      feature(R"({"comparison":{"type":"ngram","n":2},"strategy":{"bitsPerToken":5}})");
  CHECK(passes(1, document(1, kOne, one)));
  CHECK(passes(2, document(2, "", two)));
  CHECK(passes(3, document(3, "", three)));
  CHECK_FALSE(passes(1, document(1, "", one)));  // no k, no hash
  CHECK_FALSE(passes(2, document(2, "", one)));
  CHECK_FALSE(passes(2, document(2, "", three)));
  CHECK_FALSE(passes(3, document(3, "", one)));
  CHECK_FALSE(passes(3, document(3, "", two)));
}

TEST_CASE("version 3: comparisons, strategies, formats, one rule at a time") {
  const auto hashing = [](const std::string& comparison, const std::string& strategy) {
    return document(3, "",
                    feature(R"({"comparison":)" + comparison + R"(,"strategy":)" + strategy + "}"));
  };
  const std::string bits = R"({"bitsPerToken":5})";
  CHECK(passes(3, hashing(R"({"type":"exact","anything":1})", bits)));
  CHECK(passes(3, hashing(R"({"type":"numeric","thresholdDistance":0.5,"resolution":1})", bits)));
  for (const char* bad :
       {R"({"type":"ngram"})", R"({"type":"ngram","n":0})", R"({"type":"ngram","n":1.5})",
        R"({"type":"ngram","n":2,"positional":1})", R"({"type":"soundex"})", R"({})",
        R"({"type":"numeric","thresholdDistance":0,"resolution":1})",
        R"({"type":"numeric","thresholdDistance":1,"resolution":0})",
        R"({"type":"numeric","thresholdDistance":1})"})
    CHECK_FALSE_MESSAGE(passes(3, hashing(bad, bits)), bad);
  for (const char* bad :
       {R"({})", R"({"bitsPerToken":0})", R"({"bitsPerToken":1,"bitsPerFeature":1})",
        R"({"bitsPerToken":1,"k":1})"})
    CHECK_FALSE_MESSAGE(passes(3, hashing(R"({"type":"exact"})", bad)), bad);
  const std::string good = R"({"comparison":{"type":"exact"},"strategy":{"bitsPerToken":5}})";
  CHECK(passes(3, document(3, "", feature(good, R"({"type":"date","format":"%Y"})"))));
  CHECK(passes(3, document(3, "", feature(good, R"({"type":"string"})", R"(,"ignored":true)"))));
  for (const char* bad :
       {R"({"type":"date"})", R"({"type":"enum"})", R"({"type":"enum","values":[1]})",
        R"({"type":"string","pattern":"a","case":"upper"})",
        R"({"type":"string","encoding":"latin-1"})", R"({"type":"string","more":1})",
        R"({"type":"integer","minimum":"1"})", R"({"type":"text"})"})
    CHECK_FALSE_MESSAGE(passes(3, document(3, "", feature(good, bad))), bad);
}

TEST_CASE("errors name the place and quote nothing of the document") {
  const auto got = check_document(
      value(document(3, "",
                     R"({"identifier":"secret name","format":{"type":"odd value"},"hashing":{}})")),
      3, "s.json");
  REQUIRE_FALSE(got);
  CHECK(got.error().where.starts_with("s.json: features[0]"));
  CHECK((got.error().what + got.error().where).find("odd value") == std::string::npos);
  CHECK((got.error().what + got.error().where).find("secret name") == std::string::npos);
}

TEST_CASE(
    "version 1 has no whole number with a fraction, the others have where nothing counts with it") {
  const std::string v1 = R"({"ngram":2})";
  const std::string v2 = R"({"ngram":2,"strategy":{"k":5}})";
  CHECK(passes(1, document(1, kOne, feature(v1))));
  CHECK_FALSE(passes(1, document(1, kOne, feature(R"({"ngram":2.0})"))));
  CHECK_FALSE(passes(1, document(1, R"(,"k":5.0,"hash":{"type":"doubleHash"})", feature(v1))));
  CHECK_FALSE(passes(1, document(1, kOne + R"(,"xorFolds":1.0)", feature(v1))));
  CHECK(passes(2, document(2, R"(,"xorFolds":1.0)", feature(v2))));
  const std::string longest = R"({"type":"string","maxLength":9.0})";
  CHECK_FALSE(passes(1, document(1, kOne, feature(v1, longest))));
  CHECK(passes(2, document(2, "", feature(v2, longest))));
  CHECK(passes(1, document(1, kOne, feature(R"({"ngram":2,"weight":1.5})"))));
}
