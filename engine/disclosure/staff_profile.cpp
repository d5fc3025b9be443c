#include "engine/disclosure/staff_profile.h"

#include <fmt/format.h>

#include "engine/core/json.h"

namespace tessera::disclosure {

Result<std::vector<std::string>> read_staff_profile(std::string_view text,
                                                    const std::string& name) {
  TESSERA_TRY(const json::Value value, json::parse(text, name));
  const json::Value* people = value.find("people");
  const json::Value* fields = value.find("fields");
  const Error no_profile{ErrorCode::format,
                         "not a profile of open staff records: it wants \"people\": \"staff\" and "
                         "\"fields\", a list of columns",
                         name};
  if (people == nullptr || people->as_string() == nullptr || *people->as_string() != "staff" ||
      fields == nullptr || fields->as_array() == nullptr || fields->as_array()->empty())
    return no_profile;
  std::vector<std::string> out;
  for (const json::Value& field : *fields->as_array()) {
    if (field.as_string() == nullptr || field.as_string()->empty()) return no_profile;
    if (names_ssn(*field.as_string()))
      return Error{
          ErrorCode::conflict,
          fmt::format("lists the column '{}': SSNs are never released", *field.as_string()), name};
    out.push_back(*field.as_string());
  }
  return out;
}

Result<void> look_up(Table& table, registry::Registry& registry) {
  TESSERA_TRY(auto space,
              registry.database().prepare("SELECT p.space FROM state_id i JOIN person p ON p.id = "
                                          "i.person WHERE i.id = ?1"));
  table.staff_alone = true;
  for (std::size_t i = 0; i < table.state_id.size(); ++i) {
    TESSERA_TRY(const bool row, space.bind(1, static_cast<std::int64_t>(table.state_id[i])).step());
    if (!row)
      return Error{ErrorCode::conflict,
                   "the registry never issued this state ID: correct the line or take it out",
                   table.where[i]};
    table.staff_alone &= space.integer(0) == static_cast<std::int64_t>(registry::Space::staff);
    space.reset();
  }
  return {};
}

}  // namespace tessera::disclosure
