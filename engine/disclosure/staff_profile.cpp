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

Result<void> look_for_staff(Table& table, registry::Registry& registry) {
  TESSERA_TRY(auto space,
              registry.database().prepare("SELECT p.space FROM state_id i JOIN person p ON p.id = "
                                          "i.person WHERE i.id = ?1"));
  table.staff_alone = true;
  for (const std::uint64_t id : table.students()) {
    TESSERA_TRY(const bool row, space.bind(1, static_cast<std::int64_t>(id)).step());
    const bool staff = row && space.integer(0) == static_cast<std::int64_t>(registry::Space::staff);
    space.reset();
    table.staff_alone = table.staff_alone && staff;
  }
  return {};
}

}  // namespace tessera::disclosure
