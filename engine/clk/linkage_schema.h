// clkhash's linkage schema, versions 1 to 3, as plain values ready to encode with.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/clk/unicode.h"
#include "engine/core/bytes.h"
#include "engine/core/json.h"
#include "engine/core/result.h"

namespace tessera::clk {

enum class Format : std::uint8_t { string, integer, date, enumeration };
enum class Case : std::uint8_t { mixed, upper, lower };
enum class Comparison : std::uint8_t { ngram, exact, numeric };
enum class Hash : std::uint8_t { blake, doubled };

// One column. What does not belong to its format or comparison keeps its default.
struct Feature {
  std::string identifier;
  bool ignored = false;

  Format format = Format::string;
  Encoding encoding = Encoding::utf8;
  Case letters = Case::mixed;
  std::optional<std::uint64_t> min_length, max_length;  // code points
  std::optional<std::string> pattern;
  std::optional<std::string> minimum, maximum;  // canonical decimals
  std::string date_format;
  std::vector<std::string> values;

  Comparison comparison = Comparison::ngram;
  std::uint64_t n = 2;
  bool positional = false;
  std::string distance;  // thresholdDistance x 10^precision, a canonical decimal above 0
  std::uint64_t resolution = 1;
  std::uint64_t precision = 0;

  bool per_token = false;  // bits are per token; else shared out among the tokens of a value
  std::uint64_t bits = 0;
  Hash hash = Hash::blake;
  bool prevent_singularity = false;

  std::optional<std::string> sentinel;  // a cell equal to it is missing ...
  std::string replacement;              // ... and is encoded as this
};

struct LinkageSchema {
  std::uint64_t length = 0;  // bits of a CLK, after folding
  std::uint64_t folds = 0;
  bool sha512 = false;
  Bytes salt, info;
  std::uint64_t key_size = 64;
  std::vector<Feature> features;
  std::vector<std::string> warnings;  // what a reader should be told, no values

  std::uint64_t hashed_length() const { return length << folds; }
};

struct SchemaOptions {
  // Follow the documentation where clkhash does not: honour `xorFolds`, pad years, round numbers
  // exactly. CLKs then differ from clkhash's for the data concerned.
  bool strict = false;
};

// Checks a document as clkhash does, upgrades versions 1 and 2, checks again and reads it. Errors
// name the place in `name`.
Result<LinkageSchema> load_linkage_schema(std::string_view text, const std::string& name,
                                          SchemaOptions options);

// The steps of the above. check_version() refuses unknown versions.
Result<int> check_version(const json::Value& document, const std::string& name);
Result<void> check_document(const json::Value& document, int version, const std::string& name);
// REQUIRES: check_document(document, version) passed, version 1 or 2.
json::Value upgraded(const json::Value& document, int version);

}  // namespace tessera::clk
