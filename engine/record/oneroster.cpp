// OneRoster 1.1 and 1.2: users, their demographics, and by role or roles who belongs to the
// population. Joined by sourcedId; columns by header name, whatever their order.
#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "engine/core/csv.h"
#include "engine/record/intake.h"
#include "engine/record/oneroster_files.h"
#include "engine/record/source.h"

namespace tessera::record {
namespace {

using encoded::Population;

// A role's name in either version, compared loosely: "districtAdministrator".
bool of_population(std::string_view role, Population population) {
  const std::string name = loose(role);
  if (population == Population::student || population == Population::college)
    return name == "student";
  static constexpr std::string_view kStaff[] = {
      "teacher",   "aide",    "administrator",     "districtadministrator", "principal",
      "counselor", "proctor", "siteadministrator", "systemadministrator"};
  return std::ranges::find(kStaff, name) != std::end(kStaff);
}

std::vector<std::string> trimmed(const std::vector<std::string>& header) {
  std::vector<std::string> names;
  for (const std::string& name : header) names.emplace_back(trim(name));
  return names;
}

std::optional<std::size_t> column(const std::vector<std::string>& header, std::string_view name) {
  const std::string wanted = loose(name);
  for (std::size_t i = 0; i < header.size(); ++i)
    if (loose(header[i]) == wanted) return i;
  return std::nullopt;
}

// One of the CSV files, with the columns that every OneRoster table has.
struct Table {
  std::string name;  // "set.zip/roles.csv"
  csv::Reader reader;
  std::vector<std::string> header;
  std::size_t id = 0;
  std::optional<std::size_t> status;

  static Result<Table> open(std::string_view text, const std::string& set, std::string_view file,
                            std::string_view id_column) {
    const std::string where = fmt::format("{}/{}", set, file);
    TESSERA_TRY(csv::Reader reader, csv::Reader::open(text, where));
    std::vector<std::string> header = trimmed(reader.header());
    const std::optional<std::size_t> id = column(header, id_column);
    if (!id)
      return Error{ErrorCode::format, fmt::format("missing column: {}", id_column), where + ":1"};
    const std::optional<std::size_t> status = column(header, "status");
    return Table{where, std::move(reader), std::move(header), *id, status};
  }
  bool deleted(const csv::Row& row) const {
    return status && loose(trim(row[*status])) == "tobedeleted";
  }
};

// Calls body(row) for each sound row that is not marked for deletion; the others are rejected.
template <class Body>
void for_each_row(Table& table, Intake& intake, Body body) {
  csv::Row row;
  for (;;) {
    const Result<bool> more = table.reader.next(row);
    if (more && !*more) return;
    if (!more)
      intake.reject(table.name, table.reader.line(), RowRule::structure, more.error().what);
    else if (!table.deleted(row))
      body(row);
  }
}

// sourcedId -> the cells that the plan reads from demographics.csv.
struct Demographics {
  std::vector<std::size_t> columns;  // of the table
  std::unordered_map<std::string, std::vector<std::string>> rows;
};

Demographics load_demographics(Table& table, std::vector<std::size_t> columns, Intake& intake) {
  Demographics out;
  out.columns = std::move(columns);
  for_each_row(table, intake, [&](const csv::Row& row) {
    std::vector<std::string> cells;
    for (const std::size_t c : out.columns) cells.emplace_back(row[c]);
    if (!out.rows.try_emplace(std::string(trim(row[table.id])), std::move(cells)).second)
      intake.reject(table.name, table.reader.line(), RowRule::repeated_local_id,
                    "an earlier row has this sourcedId and was kept; remove or renumber this one");
  });
  return out;
}

Result<std::unordered_set<std::string>> load_roles(Table& table, Population population,
                                                   Intake& intake) {
  const std::optional<std::size_t> role = column(table.header, "role");
  if (!role) return Error{ErrorCode::format, "missing column: role", table.reader.where()};
  std::unordered_set<std::string> wanted;
  for_each_row(table, intake, [&](const csv::Row& row) {
    if (of_population(trim(row[*role]), population)) wanted.emplace(trim(row[table.id]));
  });
  return wanted;
}

// The caller's map, and what OneRoster settles: the local ID, and the names people go by.
Result<std::vector<Mapping>> mappings_for(const Source& source,
                                          const std::vector<std::string>& header) {
  TESSERA_TRY(std::vector<Mapping> mappings, parse_mappings(source.options.columns));
  const auto mapped = [&](std::string_view field, bool further) {
    return std::ranges::any_of(
        mappings, [&](const Mapping& m) { return m.field == field && m.further == further; });
  };
  if (!mapped("local_id", false)) mappings.push_back({"local_id", "sourcedId", false});
  const std::pair<schema::Kind, std::string_view> preferred[] = {
      {schema::Kind::given_name, "preferredGivenName"},
      {schema::Kind::surname, "preferredFamilyName"}};
  for (const auto& [kind, name] : preferred) {
    const std::optional<std::size_t> field = source.schema.field(kind);
    if (!field || !column(header, name)) continue;
    const std::string& field_name = source.schema.fields[*field].name;
    if (!mapped(field_name, true)) mappings.push_back({field_name, std::string(name), true});
  }
  return mappings;
}

// Columns of the plan that lie beyond those of users.csv, counted from there.
std::vector<std::size_t> used_beyond(const Plan& plan, std::size_t users) {
  std::vector<std::size_t> used;
  const auto use = [&](std::size_t c) {
    if (c >= users && std::ranges::find(used, c - users) == used.end()) used.push_back(c - users);
  };
  for (const auto& columns : plan.fields) std::ranges::for_each(columns, use);
  if (plan.ssn_status) use(*plan.ssn_status);
  use(plan.local_id);
  return used;
}

class Join {
 public:
  Join(const Source& source, Table users, std::optional<Table> demographics,
       std::optional<Table> roles)
      : source_(source),
        users_(std::move(users)),
        demographics_(std::move(demographics)),
        roles_(std::move(roles)) {}

  Result<Roster> run(std::string_view users_text) {
    std::vector<std::string> header = users_.header;
    if (demographics_)
      for (std::size_t i = 0; i < demographics_->header.size(); ++i) {
        const std::string& name = demographics_->header[i];
        // A name that both tables have (sourcedId, status) means the users' column.
        header.push_back(column(users_.header, name) ? std::string() : name);
      }
    TESSERA_TRY(const std::vector<Mapping> mappings, mappings_for(source_, header));
    TESSERA_TRY(Plan plan, plan_columns(header, source_.schema, mappings, source_.name + ":1"));
    Intake intake(source_.schema, source_.options, plan, header, users_.name, users_text);
    intake.report().kind = SourceKind::oneroster;
    Demographics about;
    if (demographics_)
      about = load_demographics(*demographics_, used_beyond(plan, users_.header.size()), intake);
    std::optional<std::unordered_set<std::string>> wanted;
    if (roles_) {
      TESSERA_TRY(wanted, load_roles(*roles_, source_.options.population, intake));
    }
    read_users(header.size(), about, wanted, intake);
    source_.progress.advance(users_text.size());
    return intake.finish(source_.rejects);
  }

 private:
  void read_users(std::size_t columns, const Demographics& about,
                  const std::optional<std::unordered_set<std::string>>& wanted, Intake& intake) {
    const std::optional<std::size_t> role = column(users_.header, "role");  // 1.1
    std::vector<std::string_view> cells;
    csv::Row row;
    for (;;) {
      const Result<bool> more = users_.reader.next(row);
      if (more && !*more) return;
      if (!more) {
        intake.reject(users_.reader.line(), RowRule::structure, more.error().what);
        continue;
      }
      if (users_.deleted(row)) {
        ++intake.report().to_be_deleted;
        continue;
      }
      const std::string id(trim(row[users_.id]));
      const bool ours = wanted
                            ? wanted->contains(id)
                            : !role || of_population(trim(row[*role]), source_.options.population);
      if (!ours) {
        ++intake.report().other_roles;
        continue;
      }
      cells.assign(row.begin(), row.end());
      cells.resize(columns);
      if (const auto it = about.rows.find(id); it != about.rows.end())
        for (std::size_t i = 0; i < about.columns.size(); ++i)
          cells[row.size() + about.columns[i]] = it->second[i];
      intake.add(users_.reader.line(), cells);
    }
  }

  const Source& source_;
  Table users_;
  std::optional<Table> demographics_;
  std::optional<Table> roles_;
};

Result<Roster> read_files(const OneRosterFiles& files, const Source& source) {
  source.progress.begin("reading", files.users.size(), "bytes");
  TESSERA_TRY(Table users, Table::open(files.users, source.name, "users.csv", "sourcedId"));
  std::optional<Table> demographics;
  if (files.demographics) {
    TESSERA_TRY(demographics,
                Table::open(*files.demographics, source.name, "demographics.csv", "sourcedId"));
  }
  std::optional<Table> roles;
  if (files.roles) {
    TESSERA_TRY(roles, Table::open(*files.roles, source.name, "roles.csv", "userSourcedId"));
  }
  Join join(source, std::move(users), std::move(demographics), std::move(roles));
  return join.run(files.users);
}

}  // namespace

Result<Roster> read_oneroster_folder(const std::string& folder, const Source& source) {
  TESSERA_TRY(const OneRosterFiles files, open_oneroster_folder(folder));
  return read_files(files, source);
}

Result<Roster> read_oneroster_zip(ByteView bytes, const Source& source) {
  TESSERA_TRY(const OneRosterFiles files, open_oneroster_zip(bytes, source.name));
  return read_files(files, source);
}

}  // namespace tessera::record
