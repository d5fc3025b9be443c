// Header JSON: a fixed set of members, so that one header has one spelling.
#include "engine/encoded/header_json.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/day.h"
#include "engine/core/hex_member.h"
#include "engine/core/json.h"
#include "engine/seal/key_text.h"

namespace tessera::encoded {
namespace {

Error refuse(std::string_view rule) {
  return {ErrorCode::format, fmt::format("header: {}", rule), ""};
}

// The text of a member, or nullptr.
const std::string* text_of(const json::Value& value, std::string_view name) {
  const json::Value* member = value.find(name);
  return member == nullptr ? nullptr : member->as_string();
}

// Everything but the schema.
Result<void> read_texts(const json::Value& value, Header& out) {
  const std::string* created = text_of(value, "created");
  const std::string* owner = text_of(value, "owner");
  const std::string* population = text_of(value, "population");
  const std::string* protection = text_of(value, "protection");
  if (created == nullptr || !is_day(*created)) return refuse("'created' is not a date YYYY-MM-DD");
  if (!hex_member(value, "key_check", out.key_check))
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
  out.question = value.find("question") != nullptr;  // only `true` is canonical
  out.decoys = value.find("decoys") != nullptr;      // likewise
  return {};
}

// A count that doubles hold exactly, as JSON's do elsewhere.
bool read_count(const json::Value& value, std::string_view name, std::uint64_t& out) {
  const json::Value* member = value.find(name);
  const std::int64_t* number = member == nullptr ? nullptr : member->as_int();
  if (number == nullptr || *number < 0 || *number > UINT32_MAX) return false;
  out = static_cast<std::uint64_t>(*number);
  return true;
}

Result<void> read_envelope(const json::Value& value, Envelope& out) {
  const std::string* collection = text_of(value, "collection");
  const std::string* expires = text_of(value, "expires");
  if (collection == nullptr || !seal::is_name(*collection))
    return refuse("'collection' is not a name");
  if (expires == nullptr || !is_day(*expires)) return refuse("'expires' is not a date YYYY-MM-DD");
  out.collection = *collection;
  out.expires = *expires;
  if (!read_count(value, "records", out.records) || !read_count(value, "entries", out.entries))
    return refuse("'records' and 'entries' are not counts");
  for (const auto& [name, key] :
       {std::pair<std::string_view, seal::PublicBytes*>{"signer", &out.signer},
        {"entries_key", &out.entries_key},
        {"join_key", &out.join_key}})
    if (!hex_member(value, name, *key))
      return refuse(fmt::format("'{}' is not 32 bytes in hexadecimal", name));
  return {};
}

json::Value to_value(const Header& header, const Envelope* e) {
  json::Object o;
  if (e != nullptr) o.emplace_back("collection", e->collection);
  o.emplace_back("created", header.created);
  if (header.decoys) o.emplace_back("decoys", true);
  if (e != nullptr) o.emplace_back("entries", e->entries);
  if (e != nullptr) o.emplace_back("entries_key", to_hex(e->entries_key));
  o.emplace_back("epoch", header.schema.epoch);
  if (e != nullptr) o.emplace_back("expires", e->expires);
  if (e != nullptr) o.emplace_back("join_key", to_hex(e->join_key));
  o.emplace_back("key_check", to_hex(header.key_check));
  o.emplace_back("owner", header.owner);
  o.emplace_back("population", name_of(header.population));
  o.emplace_back("protection", name_of(header.protection));
  if (header.question) o.emplace_back("question", true);
  if (e != nullptr) o.emplace_back("records", e->records);
  o.emplace_back("schema", schema::to_json(header.schema));
  o.emplace_back("schema_digest", to_hex(schema::digest(header.schema)));
  if (e != nullptr) o.emplace_back("signer", to_hex(e->signer));
  return json::Value(std::move(o));
}

}  // namespace

bool is_owner(std::string_view text) {
  // What `assign` calls its own files, beside which each owner's slice lies under the owner's name.
  static constexpr std::string_view kTaken[] = {"ids", "review", "decisions"};
  return seal::is_name(text) && std::ranges::find(kTaken, text) == std::end(kTaken);
}

Result<std::string> header_to_json(const Header& header, const Envelope* envelope) {
  if (!is_owner(header.owner))
    return Error{
        ErrorCode::usage,
        "an owner's name is 1 to 64 letters, digits, dots, underscores or hyphens, and not "
        "ids, review or decisions",
        ""};
  if (!is_day(header.created))
    return Error{ErrorCode::usage, "the day of creation is not a date YYYY-MM-DD", ""};
  if (envelope != nullptr && !seal::is_name(envelope->collection))
    return Error{ErrorCode::usage,
                 "a collection's name is 1 to 64 letters, digits, dots, underscores or hyphens",
                 ""};
  if (envelope != nullptr && !is_day(envelope->expires))
    return Error{ErrorCode::usage, "the last day is not a date YYYY-MM-DD", ""};
  return json::to_canonical(to_value(header, envelope));
}

Result<Header> header_from_json(std::string_view text, Envelope* envelope) {
  TESSERA_TRY(const json::Value value, json::parse(text, "header"));
  Header out;
  TESSERA_CHECK(read_texts(value, out));
  if (envelope != nullptr) TESSERA_CHECK(read_envelope(value, *envelope));
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
  if (json::to_canonical(to_value(out, envelope)) != text)
    return refuse("not in canonical form: a member too many, an order or a spelling of its own");
  return out;
}

}  // namespace tessera::encoded
