// The linkage schema: what every owner and the linkage unit agree on before a record is encoded.
// Public: it holds no key and no value. Both sides of the wall read it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/digest.h"
#include "engine/core/json.h"
#include "engine/core/result.h"
#include "engine/schema/key_service.h"

namespace tessera::schema {

// Persisted by name; never renumber.
enum class Kind : std::uint8_t { given_name, middle_name, surname, date, category, number, ssn };
std::string_view name_of(Kind kind);

// A category's canonical value and the spellings that mean it (compared in lower case).
struct CategoryValue {
  std::string value;
  std::vector<std::string> spellings;
};

struct Field {
  std::string name;  // lower case, [a-z][a-z0-9_]*, unique
  Kind kind = Kind::given_name;
  std::vector<std::string> columns;   // column names read as this field when no map is given
  std::vector<std::string> formats;   // date: strptime-like, tried in order (%Y %m %d %y %b)
  std::vector<CategoryValue> values;  // category
  std::uint32_t length = 0;           // number: digits it must have
  bool luhn = false;                  // number: last digit is a Luhn check digit
  // Whether the value is known is no bit in the clear, but a code: it shows only between entries of
  // one block (docs/decisions/0046).
  bool hidden_presence = false;
};

// One ingredient of a block key.
enum class Part : std::uint8_t {
  exact,  // the whole value (date, number, ssn)
  year,   // of a date
  month,
  day,
  month_day,  // of a date, order-free: 03-07 and 07-03 give the same key
  phonetic,   // phonetic code of a name; each alternative of the name gives a key of its own
  initial     // first letter of a name
};

struct KeyPart {
  Part part = Part::exact;
  std::vector<std::size_t> fields;  // one field; phonetic of two or more names is one part, see any
  bool any = false;  // phonetic(first|last): each field's codes give keys of their own
  bool set = false;  // phonetic(first&last): the unordered pair of codes, so swapped names meet
};

// A further part of the key of those whose names are common; see schema/adaptive.h.
struct Adaptive {
  KeyPart add;               // of a date
  std::string text;          // as written
  std::uint32_t people = 0;  // who share the rest of the key: a state's people of one birth year
};

struct Pass {
  std::string name;  // lower case, unique
  std::vector<KeyPart> key;
  std::optional<Adaptive> adaptive;
  std::vector<std::size_t> compare;  // fields in the entry's payload, schema order; never ssn
  bool mandatory = false;            // a record without a real entry here lacks evidence
  std::uint32_t least = 1;           // entries per record, padded with dummies
  std::uint32_t most = 4;            // cap of tags per record
  std::string text;                  // the key as written, for people
};

// A phonetic code, and how many of a million people hold it in a name field.
struct CodeShare {
  std::string code;
  std::uint32_t millionths = 0;
};
struct CodesOfField {
  std::size_t field = 0;
  std::vector<CodeShare> codes;  // by code; one that is not here is held by too few to matter
};
// People who draw their names from the same lists, such as those of one origin.
struct NameGroup {
  std::uint32_t millionths = 0;  // of all people
  std::vector<CodesOfField> names;
};

// A pass's key as people read it, with what an adaptive key adds.
std::string key_text(const Pass& pass);

struct Encoding {
  std::uint32_t name_bits = 256;   // filter of a given name or surname; power of two, 64..4096
  std::uint32_t name_weight = 96;  // bits set in it, exactly
  std::uint32_t middle_bits = 64;
  std::uint32_t middle_weight = 24;
  std::uint32_t number_bits = 128;
  std::uint32_t number_weight = 48;
};

struct Schema {
  std::string name;
  std::string purpose;
  std::uint32_t normalisation = 1;
  std::string epoch;          // name of the span of years in which keys stay the same
  bool ssn = false;           // SSN tokens and passes exist
  bool trusted_unit = false;  // loose passes allowed: a project between trusted parties
  std::vector<Field> fields;
  std::vector<Pass> passes;             // at most 16
  std::vector<NameGroup> common_names;  // only where a pass has an adaptive key
  std::uint32_t tags_in_all = 12;       // cap over all passes of a record
  Encoding encoding;
  std::vector<KeyService> key_services;  // asked in this order; empty: a trial, see key_service.h
  bool single_key_service = false;       // one is enough, though there are SSNs

  std::optional<std::size_t> field(std::string_view field_name) const;
  std::optional<std::size_t> field(Kind kind) const;  // first of that kind
};

// Checks everything and says what is wrong, with the path in the JSON ("passes[1].key[0]: ...").
Result<Schema> from_json(const json::Value& value, std::string_view where);
json::Value to_json(const Schema& schema);
// SHA-256 of the canonical JSON: files with different digests refuse to meet.
Sha256 digest(const Schema& schema);

// The schemas that ship: "default", "high-recall", "high-privacy".
struct Shipped {
  std::string_view name;
  std::string_view text;  // JSON, as in data/schemas/<name>.json
};
const std::vector<Shipped>& shipped();
// A file; or the name of a shipped schema where no such file exists.
Result<Schema> load(const std::string& path_or_name);

}  // namespace tessera::schema
