// The dictionary is made of the schema and of the very tables that reading a roster uses.
#include "engine/record/dictionary.h"

#include <algorithm>

#include "engine/core/bytes.h"
#include "engine/encoded/format.h"

namespace tessera::record {
namespace {

using schema::Kind;

bool may_find(Kind kind, Finding finding) {
  const bool name = kind == Kind::given_name || kind == Kind::middle_name || kind == Kind::surname;
  const bool digits = kind == Kind::number || kind == Kind::ssn;
  switch (finding) {
    case Finding::none:
      return false;
    case Finding::placeholder:
      return true;
    case Finding::unreadable:
      return name || kind == Kind::date;
    case Finding::not_listed:
      return kind == Kind::category || kind == Kind::ssn;
    case Finding::not_digits:
    case Finding::wrong_length:
    case Finding::impossible:
      return digits;
    case Finding::check_digit:
      return kind == Kind::number;
    case Finding::fake:
    case Finding::itin:
    case Finding::shared:
    case Finding::not_wanted:
      return kind == Kind::ssn;
    case Finding::swapped:
    case Finding::day_not_known:
    case Finding::implausible_age:
      return kind == Kind::date;
    case Finding::one_name:
      return kind == Kind::given_name;
    case Finding::other_name:
      return name && kind != Kind::middle_name;
    case Finding::garbled:
      return name;
  }
  return false;
}

json::Array errors_of(const schema::Field& field) {
  json::Array errors;
  for (const Finding f : findings_of(field))
    errors.push_back(json::Object{{"error", name_of(f)},
                                  {"value", makes_missing(f) ? "missing" : "kept"},
                                  {"remedy", remedy_of(f)}});
  return errors;
}

json::Array texts(const std::vector<std::string>& all) {
  json::Array out;
  for (const std::string& text : all) out.emplace_back(text);
  return out;
}

bool is_needed(const schema::Schema& schema, std::size_t field) {
  return std::ranges::any_of(schema.passes, [&](const schema::Pass& pass) {
    return pass.mandatory && std::ranges::any_of(pass.key, [&](const schema::KeyPart& part) {
             return std::ranges::find(part.fields, field) != part.fields.end();
           });
  });
}

json::Value element(const schema::Schema& schema, std::size_t at) {
  const schema::Field& f = schema.fields[at];
  json::Value out = json::Object{{"element", f.name},
                                 {"kind", name_of(f.kind)},
                                 {"columns", texts(f.columns)},
                                 {"needed", is_needed(schema, at)}};
  if (f.kind == Kind::date) out.set("formats", texts(f.formats));
  if (f.kind == Kind::category) {
    json::Array codes;
    for (const schema::CategoryValue& v : f.values)
      codes.push_back(json::Object{{"value", v.value}, {"spellings", texts(v.spellings)}});
    out.set("code_set", std::move(codes));
  }
  if (f.kind == Kind::number) {
    out.set("length", std::int64_t{f.length});
    out.set("check_digit", f.luhn ? json::Value("luhn") : json::Value());
  }
  if (f.kind == Kind::ssn) {
    using encoded::SsnState;
    json::Array states;
    for (const SsnState s :
         {SsnState::provided, SsnState::declined, SsnState::not_asked, SsnState::not_available})
      states.emplace_back(encoded::name_of(s));
    out.set("length", std::int64_t{9});
    out.set("states", std::move(states));
  }
  out.set("errors", errors_of(f));
  return out;
}

}  // namespace

std::vector<Finding> findings_of(const schema::Field& field) {
  std::vector<Finding> found;
  for (std::size_t i = 0; i < kFindings; ++i) {
    const auto finding = static_cast<Finding>(i);
    if (finding == Finding::check_digit && !field.luhn) continue;
    if (may_find(field.kind, finding)) found.push_back(finding);
  }
  return found;
}

json::Value dictionary(const schema::Schema& schema) {
  json::Array elements;
  for (std::size_t f = 0; f < schema.fields.size(); ++f) elements.push_back(element(schema, f));
  json::Array rows;
  for (const RowRule rule : kRowRules)
    rows.push_back(json::Object{{"error", name_of(rule)}, {"remedy", remedy_of(rule)}});
  return json::Object{{"tessera_dictionary", 1},
                      {"schema", schema.name},
                      {"digest", to_hex(schema::digest(schema))},
                      {"epoch", schema.epoch},
                      {"elements", std::move(elements)},
                      {"rows", std::move(rows)}};
}

}  // namespace tessera::record
