#include "engine/schema/variants.h"

#include <algorithm>

namespace tessera::schema {
namespace {

// Adds a field and a pass whose key is its whole value; the other passes compare it too.
Result<Schema> with_identifier(const Schema& schema, Field field) {
  if (schema.field(field.kind))
    return Error{ErrorCode::usage,
                 "the schema already has a field of kind " + std::string(name_of(field.kind)), ""};
  json::Value v = to_json(schema);
  json::Value text(json::Object{{"name", field.name}, {"kind", name_of(field.kind)}});
  json::Array columns;
  for (const std::string& c : field.columns) columns.emplace_back(c);
  text.set("columns", std::move(columns));
  if (field.length > 0) text.set("length", std::int64_t{field.length});
  // Who has a number tells people apart as well as who has a middle name.
  if (field.kind != Kind::ssn && std::ranges::any_of(schema.fields, &Field::hidden_presence))
    text.set("presence", "hidden");
  json::Array fields = *v.find("fields")->as_array();
  fields.push_back(std::move(text));
  v.set("fields", std::move(fields));
  json::Array passes = *v.find("passes")->as_array();
  if (field.kind != Kind::ssn)
    for (json::Value& p : passes) {
      json::Array compare = *p.find("compare")->as_array();
      compare.emplace_back(field.name);
      p.set("compare", std::move(compare));
    }
  // One entry, real or not: a missing number leaves no mark.
  passes.emplace_back(json::Object{
      {"name", field.name}, {"key", json::Array{field.name}}, {"least", 1}, {"most", 1}});
  v.set("passes", std::move(passes));
  if (field.kind == Kind::ssn) v.set("ssn", true);
  return from_json(v, schema.name);
}

}  // namespace

Result<Schema> with_ssn(const Schema& schema) {
  return with_identifier(schema, {.name = "ssn",
                                  .kind = Kind::ssn,
                                  .columns = {"ssn", "social_security_number", "soc_sec_no"},
                                  .formats = {},
                                  .values = {}});
}

Result<Schema> with_number(const Schema& schema, std::uint32_t digits) {
  return with_identifier(schema, {.name = "number",
                                  .kind = Kind::number,
                                  .columns = {"number", "soc_sec_id", "id_number"},
                                  .formats = {},
                                  .values = {},
                                  .length = digits});
}

}  // namespace tessera::schema
