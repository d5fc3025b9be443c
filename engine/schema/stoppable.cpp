// A field in a block key is in every tag of the pass; one of hidden presence nobody sees in a file.
#include "engine/schema/stoppable.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/schema/layout.h"

namespace tessera::schema {
namespace {

bool is_part(const KeyPart& part, std::size_t field) {
  return std::ranges::find(part.fields, field) != part.fields.end();
}

bool keyed_by(const Pass& pass, std::size_t field) {
  return std::ranges::any_of(pass.key, [&](const KeyPart& k) { return is_part(k, field); }) ||
         (pass.adaptive && is_part(pass.adaptive->add, field));
}

}  // namespace

std::optional<std::size_t> pass_keyed_by(const Schema& schema, std::size_t field) {
  std::optional<std::size_t> found;
  for (std::size_t p = schema.passes.size(); p-- > 0;)
    if (keyed_by(schema.passes[p], field) &&
        (!found || schema.passes[p].mandatory || !schema.passes[*found].mandatory))
      found = p;
  return found;
}

std::optional<std::size_t> pass_that_shows(const Schema& schema, std::size_t field) {
  for (std::size_t p = 0; p < schema.passes.size(); ++p)
    for (const Slot& s : layout(schema, p).slots)
      if (s.field == field && !s.hidden()) return p;
  return std::nullopt;
}

bool can_strip(const Schema& schema, std::size_t field) {
  return schema.fields[field].kind == Kind::ssn || !pass_keyed_by(schema, field);
}

bool can_refuse(const Schema& schema, std::size_t field) {
  if (schema.fields[field].kind == Kind::ssn) return true;
  const auto key = pass_keyed_by(schema, field);
  return pass_that_shows(schema, field) && !(key && schema.passes[*key].mandatory);
}

Result<std::size_t> stoppable(const Schema& schema, std::string_view name, bool refuse) {
  const auto field = schema.field(name);
  if (!field) {
    std::string known;
    for (const Field& f : schema.fields) known += (known.empty() ? "" : ", ") + f.name;
    return Error{ErrorCode::usage,
                 fmt::format("the registry's schema has no field '{}'; it has {}", name, known),
                 ""};
  }
  if (refuse ? can_refuse(schema, *field) : can_strip(schema, *field)) return *field;
  const auto key = pass_keyed_by(schema, *field);
  if (key && schema.passes[*key].mandatory)
    return Error{ErrorCode::conflict,
                 fmt::format("'{}' is in the block key of pass {}, which every record needs: no "
                             "record is found without it; a state that gives it up needs another "
                             "schema, in a new epoch",
                             name, schema.passes[*key].name),
                 ""};
  if (refuse)
    return Error{ErrorCode::conflict,
                 fmt::format("no file shows whether it carries '{}', so none can be refused for "
                             "it: leave out --refuse, and it is taken out of all that is sent",
                             name),
                 ""};
  return Error{ErrorCode::conflict,
               fmt::format("'{}' is in the block key of pass {} and cannot be taken out of its "
                           "tags: say --refuse, and owners encode without the column",
                           name, schema.passes[*key].name),
               ""};
}

}  // namespace tessera::schema
