// Reads a checked version 3 document into plain values, with the loader's own rules and quirks.
#include "engine/clk/linkage_schema.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "engine/clk/python_date.h"
#include "engine/clk/python_number.h"
#include "engine/clk/python_pattern.h"
#include "engine/clk/unicode.h"
#include "engine/core/ascii.h"
#include "engine/core/text_encoding.h"

namespace tessera::clk {
namespace {

using json::Value;

constexpr std::uint64_t kMostHashedBits = std::uint64_t{1} << 24;  // 2 MiB a record is no CLK

std::uint64_t whole(const Value& object, std::string_view name, std::uint64_t otherwise) {
  const Value* v = object.find(name);
  double x = 0;
  if (v == nullptr) return otherwise;
  if (const auto* n = v->as_int()) return static_cast<std::uint64_t>(*n);
  v->number(x);
  return static_cast<std::uint64_t>(x);
}
std::string text(const Value& object, std::string_view name, std::string otherwise = "") {
  const Value* v = object.find(name);
  return v != nullptr && v->as_string() != nullptr ? *v->as_string() : std::move(otherwise);
}
bool flag(const Value& object, std::string_view name) {
  const Value* v = object.find(name);
  return v != nullptr && v->as_bool() != nullptr && *v->as_bool();
}
std::optional<std::string> decimal(const Value& object, std::string_view name) {
  const Value* v = object.find(name);
  if (v == nullptr) return std::nullopt;
  if (const auto* n = v->as_int()) return fmt::format("{}", *n);
  double x = 0;
  v->number(x);
  return Whole::from_double(x).decimal();
}

// Python's lenient b64decode: characters outside the alphabet are dropped, if they are ASCII.
std::optional<Bytes> lenient_base64(std::string_view s) {
  std::string kept;
  std::size_t symbols = 0;
  if (!is_ascii(s)) return std::nullopt;
  for (const char c : s) {
    if (ascii::is_letter(c) || ascii::is_digit(c) || c == '+' || c == '/') {
      kept += c;
      ++symbols;
    } else if (c == '=') {
      // Padding that completes a group ends the text; earlier '=' is dropped.
      if (symbols % 4 >= 2) {
        const std::size_t pads = static_cast<std::size_t>(std::count(s.begin(), s.end(), '='));
        if (symbols % 4 + pads < 4) return std::nullopt;
        break;
      }
    }
  }
  if (symbols % 4 == 1) return std::nullopt;
  if (symbols % 4 != 0 && s.find('=') == std::string_view::npos) return std::nullopt;
  while (kept.size() % 4 != 0) kept += '=';
  return from_base64(kept);
}

Result<void> read_format(const Value& format, Feature& f, const std::string& where) {
  const std::string type = text(format, "type");
  if (type == "string") {
    const std::string encoding = text(format, "encoding", "utf-8");
    f.encoding = encoding == "ascii"    ? Encoding::ascii
                 : encoding == "utf-16" ? Encoding::utf16
                 : encoding == "utf-32" ? Encoding::utf32
                                        : Encoding::utf8;
    const std::string letters = text(format, "case", "mixed");
    f.letters = letters == "upper" ? Case::upper : letters == "lower" ? Case::lower : Case::mixed;
    if (format.find("minLength") != nullptr) f.min_length = whole(format, "minLength", 0);
    if (format.find("maxLength") != nullptr) f.max_length = whole(format, "maxLength", 0);
    if (format.find("pattern") != nullptr) {
      f.pattern = text(format, "pattern");
      if (auto compiled = Pattern::compile(*f.pattern); !compiled)
        return Error{ErrorCode::format, compiled.error().what, where};
    }
  } else if (type == "integer") {
    f.format = Format::integer;
    f.minimum = decimal(format, "minimum");
    f.maximum = decimal(format, "maximum");
  } else if (type == "date") {
    f.format = Format::date;
    f.date_format = text(format, "format");
    if (auto compiled = DateFormat::compile(f.date_format); !compiled)
      return Error{ErrorCode::format, compiled.error().what, where};
  } else {
    f.format = Format::enumeration;
    for (const Value& v : *format.find("values")->as_array()) f.values.push_back(*v.as_string());
  }
  return {};
}

// int(round(thresholdDistance x 10^precision)): exact for a whole number, else in doubles.
Result<std::string> read_distance(const Value& comparison, const Feature& f, bool strict,
                                  const std::string& where) {
  const Value& given = *comparison.find("thresholdDistance");
  const Error none{ErrorCode::format,
                   "'fractional_precision' is too small: 'thresholdDistance' rounds to 0", where};
  if (f.precision > 300)
    return Error{ErrorCode::limit, "'fractional_precision' above 300 is not supported", where};
  const auto digits = static_cast<unsigned>(f.precision);
  if (const auto* n = given.as_int())
    return (Whole(static_cast<std::uint64_t>(*n)) * Whole::power_of_ten(digits)).decimal();
  double x = 0;
  given.number(x);
  Whole scaled;
  if (strict) {
    const auto exact = exact_decimal(fmt::format("{}", x));
    scaled = Whole::rounded(exact->digits, exact->exponent + static_cast<long>(digits));
  } else {
    const double product = x * std::stod("1e" + std::to_string(digits));
    if (!std::isfinite(product))
      return Error{ErrorCode::format, "'thresholdDistance' is too large", where};
    scaled = Whole::from_double(std::nearbyint(product));
  }
  if (scaled.is_zero()) return none;
  return scaled.decimal();
}

Result<void> read_hashing(const Value& hashing, Feature& f, bool strict, const std::string& where) {
  const Value& comparison = *hashing.find("comparison");
  const std::string kind = text(comparison, "type");
  f.comparison = kind == "exact"     ? Comparison::exact
                 : kind == "numeric" ? Comparison::numeric
                                     : Comparison::ngram;
  f.n = whole(comparison, "n", 2);
  f.positional = flag(comparison, "positional");
  if (f.comparison == Comparison::numeric) {
    f.resolution = whole(comparison, "resolution", 1);
    f.precision = whole(comparison, "fractional_precision", 0);
    TESSERA_TRY(f.distance, read_distance(comparison, f, strict, where));
  }
  const Value& strategy = *hashing.find("strategy");
  f.per_token = strategy.find("bitsPerToken") != nullptr;
  f.bits = whole(strategy, f.per_token ? "bitsPerToken" : "bitsPerFeature", 0);
  if (const Value* hash = hashing.find("hash")) {
    f.hash = text(*hash, "type") == "doubleHash" ? Hash::doubled : Hash::blake;
    f.prevent_singularity = flag(*hash, "prevent_singularity");
    const Value* prevents = hash->find("prevent_singularity");
    if (f.hash == Hash::blake && prevents != nullptr && !prevents->is_null())
      return Error{ErrorCode::format, "'prevent_singularity' goes with doubleHash only", where};
  }
  if (const Value* missing = hashing.find("missingValue")) {
    f.sentinel = text(*missing, "sentinel");
    f.replacement = text(*missing, "replaceWith", *f.sentinel);
  }
  return {};
}

Result<void> read_config(const Value& config, LinkageSchema& out, const std::string& name) {
  const Value& kdf = *config.find("kdf");
  out.length = whole(config, "l", 0);
  out.sha512 = text(kdf, "hash", "SHA256") == "SHA512";
  out.key_size = whole(kdf, "keySize", 64);
  for (const auto& [key, to] : {std::pair{"salt", &out.salt}, std::pair{"info", &out.info}}) {
    const auto bytes = lenient_base64(text(kdf, key));
    if (!bytes)
      return Error{ErrorCode::format, fmt::format("'{}' is not base64", key),
                   name + ": clkConfig.kdf"};
    *to = *bytes;
  }
  if (const Value* folds = config.find("xor_folds")) {
    double x = 0;
    if (!folds->number(x) || x < 0 || folds->as_int() == nullptr)
      return Error{ErrorCode::format,
                   "'xor_folds' must be a whole number of at least 0, written without a fraction",
                   name + ": clkConfig"};
    out.folds = whole(config, "xor_folds", 0);
  }
  return {};
}

// clkhash documents `xorFolds` and reads `xor_folds`.
Result<void> read_documented_folds(const Value& document, LinkageSchema& out,
                                   const std::string& name, bool strict) {
  const Value& config = *document.find("clkConfig");
  if (config.find("xorFolds") == nullptr) return {};
  const std::uint64_t documented = whole(config, "xorFolds", 0);
  if (documented == out.folds) return {};
  if (!strict) {
    out.warnings.push_back(
        "clkConfig.xorFolds is ignored, as clkhash ignores it; 'xor_folds' is what it reads, and "
        "--strict honours both");
    return {};
  }
  if (config.find("xor_folds") != nullptr)
    return Error{ErrorCode::format, "'xorFolds' and 'xor_folds' disagree", name + ": clkConfig"};
  out.folds = documented;
  return {};
}

Result<void> check_limits(const LinkageSchema& s, const std::string& name) {
  if (s.folds > 24 || s.length > kMostHashedBits || s.hashed_length() > kMostHashedBits)
    return Error{ErrorCode::limit, "CLKs are of at most 2^24 bits before folding", name};
  const std::uint64_t most = 255 * (s.sha512 ? 64U : 32U);
  if (s.key_size > most || s.features.size() * 2 * s.key_size > most)
    return Error{ErrorCode::limit,
                 fmt::format("HKDF gives at most {} bytes of keys with this hash: use SHA512, a "
                             "smaller keySize or fewer features",
                             most),
                 name};
  for (const Feature& f : s.features) {
    if (f.ignored || f.hash != Hash::blake) continue;
    if (s.key_size > 64)
      return Error{ErrorCode::format, "blakeHash takes keys of at most 64 bytes: lower keySize",
                   name};
    if (!std::has_single_bit(s.hashed_length()))
      return Error{ErrorCode::format,
                   "blakeHash needs a length (before folding) that is a power of two", name};
  }
  for (const Feature& f : s.features)
    if (!f.ignored && f.prevent_singularity && s.hashed_length() == 1)
      return Error{ErrorCode::format,
                   "'prevent_singularity' needs more than one bit: the second hash of one bit is "
                   "always 0",
                   name};
  for (const Feature& f : s.features)
    if (!f.ignored && (f.bits > 1000000 || f.n > 1000000 || f.resolution > 1000000))
      return Error{ErrorCode::limit, "bits, n and resolution are at most a million", name};
  return {};
}

void warn(LinkageSchema& s, bool strict) {
  for (const Feature& f : s.features) {
    if (f.ignored) continue;
    if (f.sentinel && !f.sentinel->empty() && f.replacement == *f.sentinel)
      s.warnings.push_back(fmt::format(
          "feature '{}': the sentinel has no replaceWith, so missing values are encoded like data "
          "and agree with each other",
          f.identifier));
    if (f.comparison == Comparison::numeric && !strict)
      s.warnings.push_back(fmt::format(
          "feature '{}': fractions are rounded in binary floating point, as clkhash does; --strict "
          "rounds them as written",
          f.identifier));
  }
  if (s.length % 64 != 0)
    s.warnings.push_back("l is no multiple of 64: the anonlink entity service refuses such CLKs");
}

}  // namespace

Result<LinkageSchema> load_linkage_schema(std::string_view source, const std::string& name,
                                          SchemaOptions options) {
  TESSERA_TRY(Value document, json::parse(source, name));
  TESSERA_TRY(const int version, check_version(document, name));
  TESSERA_CHECK(check_document(document, version, name));
  const Value latest = version < 3 ? upgraded(document, version) : document;
  TESSERA_CHECK(check_document(latest, 3, name));
  LinkageSchema out;
  TESSERA_CHECK(read_config(*latest.find("clkConfig"), out, name));
  TESSERA_CHECK(read_documented_folds(document, out, name, options.strict));
  const json::Array& features = *latest.find("features")->as_array();
  for (std::size_t i = 0; i < features.size(); ++i) {
    const std::string where = fmt::format("{}: features[{}]", name, i);
    Feature f;
    f.identifier = text(features[i], "identifier");
    f.ignored = flag(features[i], "ignored");
    if (!f.ignored) {
      TESSERA_CHECK(read_format(*features[i].find("format"), f, where));
      TESSERA_CHECK(read_hashing(*features[i].find("hashing"), f, options.strict, where));
    }
    out.features.push_back(std::move(f));
  }
  TESSERA_CHECK(check_limits(out, name));
  warn(out, options.strict);
  return out;
}

}  // namespace tessera::clk
