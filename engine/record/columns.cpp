// Matching column names: the caller's map first, then the schema's names, then the usual ones.
#include "engine/record/columns.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>

namespace tessera::record {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::string_view kLocalId[] = {
    "local_id", "local_student_id", "student_id", "student_local_id", "student_number",
    "staff_id", "employee_id",      "person_id",  "record_id",        "rec_id",
    "id",       "sourcedid",        "simulant_id"};
constexpr std::string_view kSsnStatus[] = {"ssn_status", "ssn_state", "metadata.ssn_status",
                                           "metadata.ssn_state"};
constexpr std::string_view kGiven[] = {"given_name", "first_name", "first", "legal_first_name"};
constexpr std::string_view kMiddle[] = {"middle_name", "middle", "middle_initial"};
constexpr std::string_view kSurname[] = {"surname", "last_name", "family_name", "last",
                                         "legal_last_name"};
constexpr std::string_view kDate[] = {"birth_date", "date_of_birth", "dob"};
// OneRoster has no column for it; an extension of its tables is called metadata.SOMETHING.
constexpr std::string_view kSsn[] = {"ssn", "social_security_number", "metadata.ssn",
                                     "metadata.social_security_number"};
constexpr std::string_view kSex[] = {"sex", "gender"};

Names usual_names(const schema::Field& field) {
  switch (field.kind) {
    case schema::Kind::given_name:
      return kGiven;
    case schema::Kind::middle_name:
      return kMiddle;
    case schema::Kind::surname:
      return kSurname;
    case schema::Kind::date:
      return kDate;
    case schema::Kind::ssn:
      return kSsn;
    case schema::Kind::category:
      if (std::ranges::find(kSex, field.name) != std::end(kSex)) return kSex;
      break;
    case schema::Kind::number:
      break;
  }
  return {};
}

class Finder {
 public:
  Finder(const std::vector<std::string>& header, const std::string& where)
      : header_(header), where_(where) {
    for (const std::string& name : header) loose_.push_back(loose(name));
  }

  // The column of the first of `names` that the header has; none if it has none of them.
  template <class List>
  Result<std::optional<std::size_t>> first_of(const List& names) const {
    for (const auto& name : names) {
      TESSERA_TRY(const std::optional<std::size_t> at, one(name));
      if (at) return at;
    }
    return std::optional<std::size_t>{};
  }

  // A column by its exact name, else by its loose one; an error where two fit equally well.
  Result<std::optional<std::size_t>> one(std::string_view name) const {
    const auto exact = std::ranges::find(header_, name);
    if (exact != header_.end())
      return std::optional(static_cast<std::size_t>(exact - header_.begin()));
    const std::string wanted = loose(name);
    const auto it = std::ranges::find(loose_, wanted);
    if (wanted.empty() || it == loose_.end()) return std::optional<std::size_t>{};
    const auto at = static_cast<std::size_t>(it - loose_.begin());
    const auto again = std::find(it + 1, loose_.end(), wanted);
    if (again != loose_.end())
      return Error{ErrorCode::usage,
                   fmt::format("columns {} and {} could both be {}; rename one of them", at + 1,
                               again - loose_.begin() + 1, name),
                   where_};
    return std::optional(at);
  }

  Result<std::size_t> asked(const Mapping& mapping) const {
    TESSERA_TRY(const std::optional<std::size_t> at, one(mapping.column));
    if (!at)
      return Error{
          ErrorCode::usage,
          fmt::format("there is no column {}, asked for as {}", mapping.column, mapping.field),
          where_};
    return *at;
  }

 private:
  const std::vector<std::string>& header_;
  const std::string& where_;
  std::vector<std::string> loose_;
};

std::vector<std::string_view> names_of(const schema::Schema& schema) {
  std::vector<std::string_view> names;
  for (const schema::Field& field : schema.fields) names.push_back(field.name);
  return names;
}

// By its name, for the schema may have no such field.
bool is_ssn(const std::string& column) {
  return std::ranges::any_of(kSsn, [&](std::string_view s) { return loose(s) == loose(column); });
}

bool takes_several(schema::Kind kind) {
  return kind == schema::Kind::given_name || kind == schema::Kind::surname;
}

Result<void> apply(const Mapping& m, const schema::Schema& schema, std::size_t column, Plan& plan,
                   std::optional<std::size_t>& local_id) {
  if (m.field == "local_id" || m.field == "ssn_status") {
    (m.field == "local_id" ? local_id : plan.ssn_status) = column;
    return {};
  }
  const std::optional<std::size_t> field = schema.field(m.field);
  if (!field)
    return Error{ErrorCode::usage,
                 fmt::format("the schema has no field {}; its fields are {}", m.field,
                             fmt::join(names_of(schema), ", ")),
                 ""};
  if (m.further && !takes_several(schema.fields[*field].kind))
    return Error{ErrorCode::usage,
                 fmt::format("{} takes one column; += is for given names and surnames", m.field),
                 ""};
  std::vector<std::size_t>& columns = plan.fields[*field];
  if (m.further)
    columns.push_back(column);
  else
    columns.insert(columns.begin(), column);
  return {};
}

// Fields without a first column of their own get one by name.
Result<void> find_fields(const Finder& finder, const schema::Schema& schema,
                         const std::vector<Mapping>& mappings, Plan& plan) {
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    const schema::Field& field = schema.fields[i];
    const bool mapped = std::ranges::any_of(
        mappings, [&](const Mapping& m) { return !m.further && m.field == field.name; });
    if (mapped) continue;
    TESSERA_TRY(std::optional<std::size_t> at, finder.first_of(field.columns));
    if (!at) {
      TESSERA_TRY(at, finder.one(field.name));
    }
    // The usual names mean the first field of a kind; there may be several categories.
    if (!at && (field.kind == schema::Kind::category || schema.field(field.kind) == i)) {
      TESSERA_TRY(at, finder.first_of(usual_names(field)));
    }
    if (at) plan.fields[i].insert(plan.fields[i].begin(), *at);
  }
  return {};
}

}  // namespace

std::string loose(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ' || c == '_' || c == '-' || c == '\t') continue;
    out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c);
  }
  return out;
}

Result<std::vector<Mapping>> parse_mappings(const std::vector<std::string>& texts) {
  std::vector<Mapping> mappings;
  for (const std::string& text : texts) {
    const std::size_t sign = text.find('=');
    const bool further = sign != std::string::npos && sign > 0 && text[sign - 1] == '+';
    const std::size_t name_end = further ? sign - 1 : sign;
    if (sign == std::string::npos || name_end == 0 || sign + 1 == text.size())
      return Error{ErrorCode::usage,
                   fmt::format("{} is no column map; write field=column or field+=column", text),
                   ""};
    Mapping m{text.substr(0, name_end), text.substr(sign + 1), further};
    const bool again = std::ranges::any_of(mappings, [&](const Mapping& other) {
      return !further && !other.further && other.field == m.field;
    });
    if (again)
      return Error{ErrorCode::usage, fmt::format("{} is given a column twice", m.field), ""};
    mappings.push_back(std::move(m));
  }
  return mappings;
}

Result<Plan> plan_columns(const std::vector<std::string>& header, const schema::Schema& schema,
                          const std::vector<Mapping>& mappings, const std::string& where) {
  const Finder finder(header, where);
  Plan plan;
  plan.fields.resize(schema.fields.size());
  std::optional<std::size_t> local_id;
  for (const Mapping& m : mappings) {
    TESSERA_TRY(const std::size_t column, finder.asked(m));
    TESSERA_CHECK(apply(m, schema, column, plan, local_id));
  }
  TESSERA_CHECK(find_fields(finder, schema, mappings, plan));
  if (!local_id) {
    TESSERA_TRY(local_id, finder.first_of(kLocalId));
  }
  if (!local_id)
    return Error{
        ErrorCode::format,
        "no column of local IDs; if this is the header line, name it with --column local_id=COLUMN",
        where};
  plan.local_id = *local_id;
  if (!plan.ssn_status) {
    TESSERA_TRY(plan.ssn_status, finder.first_of(kSsnStatus));
  }
  bool any = false;
  bool by_ssn = is_ssn(header[plan.local_id]);
  for (std::size_t i = 0; i < schema.fields.size(); ++i) {
    any = any || !plan.fields[i].empty();
    by_ssn = by_ssn || (schema.fields[i].kind == schema::Kind::ssn &&
                        std::ranges::find(plan.fields[i], plan.local_id) != plan.fields[i].end());
  }
  if (by_ssn)
    return Error{ErrorCode::usage,
                 "the SSN cannot be the local ID, which stands in the clear in the map file; name "
                 "another column with --column local_id=COLUMN",
                 where};
  if (!any)
    return Error{
        ErrorCode::format,
        "no column is named like a field of the schema; map them with --column FIELD=COLUMN",
        where};
  return plan;
}

}  // namespace tessera::record
