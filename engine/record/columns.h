// Which column of a table holds which field of the schema.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/result.h"
#include "engine/schema/schema.h"

namespace tessera::record {

struct Plan {
  std::vector<std::vector<std::size_t>> fields;  // per schema field, columns: current name first
  std::size_t local_id = 0;
  std::optional<std::size_t> ssn_status;
};

// "Date of Birth", "date_of_birth" and "DATE-OF-BIRTH" become "dateofbirth".
std::string loose(std::string_view name);

// One "field=column" or "field+=column".
struct Mapping {
  std::string field;
  std::string column;
  bool further = false;
};
Result<std::vector<Mapping>> parse_mappings(const std::vector<std::string>& texts);

// Finds the columns. `where` is the place named in errors, which name columns only as the caller
// or the schema wrote them: the header of a file without one holds somebody's values.
Result<Plan> plan_columns(const std::vector<std::string>& header, const schema::Schema& schema,
                          const std::vector<Mapping>& mappings, const std::string& where);

}  // namespace tessera::record
