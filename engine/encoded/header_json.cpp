// Header JSON: eight members, no more, so that one header has one spelling.
#include "engine/encoded/header_json.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "engine/core/json.h"

namespace tessera::encoded {
namespace {

Error refuse(std::string_view rule) {
  return {ErrorCode::format, fmt::format("header: {}", rule), ""};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int part[3] = {0, 0, 0};
  std::size_t at = 0;
  for (const char c : text) {
    if (c == '-')
      ++at;
    else if (is_digit(c) && at < 3)
      part[at] = part[at] * 10 + (c - '0');
    else
      return false;
  }
  const std::chrono::year_month_day date{std::chrono::year(part[0]),
                                         std::chrono::month(static_cast<unsigned>(part[1])),
                                         std::chrono::day(static_cast<unsigned>(part[2]))};
  return at == 2 && date.ok();
}

// The text of a member, or nullptr.
const std::string* text_of(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member == nullptr ? nullptr : member->as_string();
}

template <std::size_t N>
bool read_hex(const std::string& text, std::array<std::uint8_t, N>& out) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != N) return false;
  std::ranges::copy(*bytes, out.begin());
  return true;
}

// Everything but the schema.
Result<void> read_texts(const json::Value& value, Header& out) {
  const std::string* created = text_of(value, "created");
  const std::string* key_check = text_of(value, "key_check");
  const std::string* owner = text_of(value, "owner");
  const std::string* population = text_of(value, "population");
  const std::string* protection = text_of(value, "protection");
  if (created == nullptr || !is_date(*created)) return refuse("'created' is not a date YYYY-MM-DD");
  if (key_check == nullptr || !read_hex(*key_check, out.key_check))
    return refuse("'key_check' is not 4 bytes in hexadecimal");
  if (owner == nullptr || !is_owner(*owner)) return refuse("'owner' is not an owner's name");
  const auto known = population == nullptr ? std::nullopt : population_named(*population);
  if (!known) return refuse("'population' is not student, staff, college or wage");
  const auto kept = protection == nullptr ? std::nullopt : protection_named(*protection);
  if (!kept) return refuse("'protection' is not trial or oprf");
  out.created = *created;
  out.owner = *owner;
  out.population = *known;
  out.protection = *kept;
  return {};
}

json::Value to_value(const Header& header) {
  json::Object o;
  o.emplace_back("created", header.created);
  o.emplace_back("epoch", header.schema.epoch);
  o.emplace_back("key_check", to_hex(header.key_check));
  o.emplace_back("owner", header.owner);
  o.emplace_back("population", name_of(header.population));
  o.emplace_back("protection", name_of(header.protection));
  o.emplace_back("schema", schema::to_json(header.schema));
  o.emplace_back("schema_digest", to_hex(schema::digest(header.schema)));
  return json::Value(std::move(o));
}

}  // namespace

bool is_owner(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '_' || c == '-';
  });
}

Result<std::string> header_to_json(const Header& header) {
  if (!is_owner(header.owner))
    return Error{ErrorCode::usage,
                 "an owner's name is 1 to 64 letters, digits, dots, underscores or hyphens", ""};
  if (!is_date(header.created))
    return Error{ErrorCode::usage, "the day of creation is not a date YYYY-MM-DD", ""};
  return json::to_canonical(to_value(header));
}

Result<Header> header_from_json(std::string_view text) {
  TESSERA_TRY(const json::Value value, json::parse(text, "header"));
  Header out;
  TESSERA_CHECK(read_texts(value, out));
  const json::Value* schema = value.find("schema");
  if (schema == nullptr) return refuse("'schema' is missing");
  TESSERA_TRY(out.schema, schema::from_json(*schema, "header: schema"));
  out.schema_digest = schema::digest(out.schema);
  const std::string* digest = text_of(value, "schema_digest");
  if (digest == nullptr || *digest != to_hex(out.schema_digest))
    return refuse("'schema_digest' is not the digest of the schema");
  const std::string* epoch = text_of(value, "epoch");
  if (epoch == nullptr || *epoch != out.schema.epoch)
    return refuse("'epoch' is not the epoch of the schema");
  if (json::to_canonical(to_value(out)) != text)
    return refuse("not in canonical form: a member too many, an order or a spelling of its own");
  return out;
}

}  // namespace tessera::encoded
