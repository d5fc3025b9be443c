// What clkhash accepts as a linkage schema: its JSON-Schema documents as code.
#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>

#include <fmt/format.h>

#include "engine/clk/linkage_schema.h"

namespace tessera::clk {
namespace {

using json::Value;
using Names = std::initializer_list<std::string_view>;

bool is_whole(const Value& v, double least) {
  if (const auto* n = v.as_int()) return static_cast<double>(*n) >= least;
  double x = 0;
  return v.number(x) && std::trunc(x) == x && x >= least;
}
// Written without a fraction or an exponent; beyond 64 bits nobody can tell any more.
bool is_integer(const Value& v) {
  double x = 0;
  return v.as_int() != nullptr || (v.number(x) && std::abs(x) >= 0x1p63);
}
bool is_one_of(const Value& v, Names names) {
  const std::string* s = v.as_string();
  return s != nullptr && std::ranges::find(names, *s) != names.end();
}

// One object of the document and where it stands, for the error.
class Place {
 public:
  // `integers`: 1.0 is no whole number, as in the JSON-Schema draft that version 1 is written in.
  Place(const Value& value, std::string where, bool integers = false)
      : value_(value), where_(std::move(where)), integers_(integers) {}

  Error error(std::string_view what) const {
    return {ErrorCode::format, std::string(what), where_};
  }
  bool has(std::string_view name) const { return value_.find(name) != nullptr; }
  const Value& at(std::string_view name) const { return *value_.find(name); }
  Place inside(std::string_view name) const {
    return {at(name), fmt::format("{}.{}", where_, name), integers_};
  }

  Result<void> object() const {
    if (value_.as_object() == nullptr) return error("must be an object");
    return {};
  }
  Result<void> require(Names names) const {
    TESSERA_CHECK(object());
    for (const std::string_view name : names)
      if (!has(name)) return error(fmt::format("'{}' is missing", name));
    return {};
  }
  Result<void> only(Names names) const {
    for (const auto& [name, unused] : *value_.as_object())
      if (std::ranges::find(names, name) == names.end())
        return error("holds a key that this part of a schema does not know");
    return {};
  }
  Result<void> text(std::string_view name) const {
    if (has(name) && at(name).as_string() == nullptr)
      return error(fmt::format("'{}' must be a string", name));
    return {};
  }
  Result<void> whole(std::string_view name, double least) const {
    if (has(name) && !is_whole(at(name), least))
      return error(fmt::format("'{}' must be a whole number of at least {}", name, least));
    return integers_ ? integer(name) : Result<void>();
  }
  // What clkhash counts with. It takes 2.0 where a schema is checked and fails, or makes other
  // tokens, where it encodes.
  Result<void> integer(std::string_view name) const {
    if (has(name) && !is_integer(at(name)))
      return error(fmt::format(
          "'{}' must be written without a fraction or an exponent: clkhash fails on one", name));
    return {};
  }
  Result<void> count(std::string_view name, double least) const {
    TESSERA_CHECK(whole(name, least));
    return integer(name);
  }
  Result<void> flag(std::string_view name) const {
    if (has(name) && at(name).as_bool() == nullptr)
      return error(fmt::format("'{}' must be true or false", name));
    return {};
  }
  Result<void> one_of(std::string_view name, Names names) const {
    if (has(name) && !is_one_of(at(name), names))
      return error(fmt::format("'{}' must be one of: {}", name, fmt::join(names, ", ")));
    return {};
  }

 private:
  const Value& value_;
  std::string where_;
  bool integers_;
};

Result<void> check_hash(const Place& hash) {
  TESSERA_CHECK(hash.require({"type"}));
  TESSERA_CHECK(hash.one_of("type", {"doubleHash", "blakeHash"}));
  if (*hash.at("type").as_string() == "doubleHash") TESSERA_CHECK(hash.flag("prevent_singularity"));
  return {};
}

Result<void> check_config(const Place& config, int version) {
  TESSERA_CHECK(config.require({"l", "kdf"}));
  TESSERA_CHECK(config.count("l", 1));
  TESSERA_CHECK(config.whole("xorFolds", 0));
  const Place kdf = config.inside("kdf");
  TESSERA_CHECK(kdf.require({"type"}));
  TESSERA_CHECK(kdf.one_of("type", {"HKDF"}));
  TESSERA_CHECK(kdf.one_of("hash", {"SHA256", "SHA512"}));
  TESSERA_CHECK(kdf.text("salt"));
  TESSERA_CHECK(kdf.text("info"));
  TESSERA_CHECK(kdf.count("keySize", 1));
  if (version > 1) return {};
  TESSERA_CHECK(config.require({"k", "hash"}));
  TESSERA_CHECK(config.whole("k", 1));
  return check_hash(config.inside("hash"));
}

Result<void> check_format(const Place& format) {
  TESSERA_CHECK(format.require({"type"}));
  TESSERA_CHECK(format.one_of("type", {"string", "integer", "date", "enum"}));
  TESSERA_CHECK(format.text("description"));
  const std::string& type = *format.at("type").as_string();
  if (type == "string") {
    TESSERA_CHECK(format.one_of("encoding", {"ascii", "utf-8", "utf-16", "utf-32"}));
    if (format.has("pattern")) {
      TESSERA_CHECK(format.only({"type", "encoding", "pattern", "description"}));
      return format.text("pattern");
    }
    TESSERA_CHECK(
        format.only({"type", "encoding", "case", "minLength", "maxLength", "description"}));
    TESSERA_CHECK(format.one_of("case", {"upper", "lower", "mixed"}));
    TESSERA_CHECK(format.whole("minLength", 0));
    return format.whole("maxLength", 1);
  }
  if (type == "integer") {
    TESSERA_CHECK(format.only({"type", "minimum", "maximum", "description"}));
    TESSERA_CHECK(format.whole("minimum", -HUGE_VAL));
    return format.whole("maximum", -HUGE_VAL);
  }
  if (type == "date") {
    TESSERA_CHECK(format.only({"type", "format", "description"}));
    TESSERA_CHECK(format.require({"format"}));
    return format.text("format");
  }
  TESSERA_CHECK(format.only({"type", "values", "description"}));
  TESSERA_CHECK(format.require({"values"}));
  const json::Array* values = format.at("values").as_array();
  if (values == nullptr ||
      std::ranges::any_of(*values, [](const Value& v) { return v.as_string() == nullptr; }))
    return format.error("'values' must be a list of strings");
  return {};
}

Result<void> check_comparison(const Place& comparison) {
  TESSERA_CHECK(comparison.require({"type"}));
  TESSERA_CHECK(comparison.one_of("type", {"ngram", "exact", "numeric"}));
  const std::string& type = *comparison.at("type").as_string();
  if (type == "ngram") {
    TESSERA_CHECK(comparison.require({"n"}));
    TESSERA_CHECK(comparison.count("n", 1));
    return comparison.flag("positional");
  }
  if (type == "exact") return {};
  TESSERA_CHECK(comparison.require({"thresholdDistance", "resolution"}));
  double distance = 0;
  if (!comparison.at("thresholdDistance").number(distance) || !(distance > 0))
    return comparison.error("'thresholdDistance' must be a number above 0");
  TESSERA_CHECK(comparison.count("resolution", 1));
  TESSERA_CHECK(comparison.whole("fractional_precision", 0));
  double digits = 0;  // 0.0 is never counted with
  if (comparison.has("fractional_precision")) comparison.at("fractional_precision").number(digits);
  return digits > 0 ? comparison.integer("fractional_precision") : Result<void>();
}

Result<void> check_missing(const Place& hashing) {
  if (!hashing.has("missingValue")) return {};
  const Place missing = hashing.inside("missingValue");
  TESSERA_CHECK(missing.require({"sentinel"}));
  TESSERA_CHECK(missing.text("sentinel"));
  return missing.text("replaceWith");
}

Result<void> check_hashing(const Place& hashing, int version) {
  TESSERA_CHECK(hashing.object());
  TESSERA_CHECK(check_missing(hashing));
  if (version == 1) {
    TESSERA_CHECK(hashing.require({"ngram"}));
    TESSERA_CHECK(hashing.whole("ngram", 0));
    double weight = 0;
    if (hashing.has("weight") && (!hashing.at("weight").number(weight) || weight < 0))
      return hashing.error("'weight' must be a number of at least 0");
    return hashing.flag("positional");
  }
  if (hashing.has("hash")) TESSERA_CHECK(check_hash(hashing.inside("hash")));
  TESSERA_CHECK(hashing.require({"strategy"}));
  const Place strategy = hashing.inside("strategy");
  TESSERA_CHECK(strategy.object());
  if (version == 2) {
    TESSERA_CHECK(hashing.only({"hash", "strategy", "ngram", "positional", "missingValue"}));
    TESSERA_CHECK(hashing.require({"ngram"}));
    TESSERA_CHECK(hashing.whole("ngram", 1));
    if (strategy.has("k") == strategy.has("numBits"))
      return strategy.error("must have either 'k' or 'numBits'");
    return hashing.flag("positional");
  }
  TESSERA_CHECK(hashing.only({"hash", "strategy", "comparison", "missingValue"}));
  TESSERA_CHECK(hashing.require({"comparison"}));
  if (strategy.has("bitsPerToken") == strategy.has("bitsPerFeature"))
    return strategy.error("must have either 'bitsPerToken' or 'bitsPerFeature'");
  TESSERA_CHECK(strategy.only({"bitsPerToken", "bitsPerFeature"}));
  TESSERA_CHECK(strategy.whole("bitsPerToken", 1));
  TESSERA_CHECK(strategy.whole("bitsPerFeature", 1));
  return check_comparison(hashing.inside("comparison"));
}

// A feature is either hashed or ignored: exactly one of the two readings must fit.
Result<void> check_feature(const Place& feature, int version) {
  TESSERA_CHECK(feature.require({"identifier"}));
  TESSERA_CHECK(feature.text("identifier"));
  TESSERA_CHECK(feature.text("description"));
  const bool* ignored = feature.has("ignored") ? feature.at("ignored").as_bool() : nullptr;
  const bool hashed = feature.has("format") && feature.has("hashing");
  if (ignored != nullptr && *ignored) {
    if (!hashed) {
      if (version == 3) TESSERA_CHECK(feature.only({"identifier", "ignored", "description"}));
      return {};
    }
    if (version < 3) return feature.error("is ignored, and yet has a format and hashing");
  }
  if (version == 3) TESSERA_CHECK(feature.flag("ignored"));
  TESSERA_CHECK(feature.require({"format", "hashing"}));
  TESSERA_CHECK(check_format(feature.inside("format")));
  return check_hashing(feature.inside("hashing"), version);
}

}  // namespace

Result<int> check_version(const Value& document, const std::string& name) {
  const Place top(document, name);
  TESSERA_CHECK(top.require({"version"}));
  double version = 0;
  if (!top.at("version").number(version) || (version != 1 && version != 2 && version != 3))
    return top.error("'version' must be 1, 2 or 3: no other schema is known");
  return static_cast<int>(version);
}

Result<void> check_document(const Value& document, int version, const std::string& name) {
  const Place top(document, name, version == 1);
  TESSERA_CHECK(top.require({"version", "clkConfig", "features"}));
  TESSERA_CHECK(check_config(top.inside("clkConfig"), version));
  const json::Array* features = top.at("features").as_array();
  if (features == nullptr) return top.error("'features' must be a list");
  if (features->empty()) return top.error("'features' must hold one feature or more");
  for (std::size_t i = 0; i < features->size(); ++i)
    TESSERA_CHECK(check_feature(
        {(*features)[i], fmt::format("{}: features[{}]", name, i), version == 1}, version));
  return {};
}

}  // namespace tessera::clk
