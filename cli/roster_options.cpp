// Words of the command line to what read_roster takes.
#include "cli/roster_options.h"

#include "engine/record/separator.h"
#include "engine/schema/date_format.h"

namespace tessera::cli {
namespace {

record::Date date_of(Day day) {
  return {static_cast<std::uint16_t>(static_cast<int>(day.year())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.month())),
          static_cast<std::uint8_t>(static_cast<unsigned>(day.day()))};
}

Result<record::SourceKind> kind_named(const std::string& name) {
  for (const record::SourceKind k : {record::SourceKind::automatic, record::SourceKind::csv,
                                     record::SourceKind::oneroster, record::SourceKind::wage})
    if (record::name_of(k) == name) return k;
  return Error{ErrorCode::usage, "--format is one of automatic, csv, oneroster, wage", ""};
}

}  // namespace

void RosterOptions::add_columns(CLI::App& verb) {
  verb.add_option("--column", columns_,
                  "FIELD=COLUMN reads a field from that column, FIELD+=COLUMN a further name; also "
                  "local_id=, ssn_status=")
      ->take_all();
  verb.add_option("--separator", separator_, "of a CSV's cells: comma, semicolon, tab or bar")
      ->capture_default_str();
  verb.add_option("--date-format", date_formats_,
                  "how this roster writes its dates, as %d/%m/%Y (default: as the schema says)")
      ->take_all();
}

void RosterOptions::add_population(CLI::App& verb, const std::string& choices) {
  verb.add_option("--population", population_, choices)->capture_default_str();
}

void RosterOptions::add_kind(CLI::App& verb) {
  verb.add_option("--format", format_, "automatic, csv, oneroster or wage")->capture_default_str();
}

void RosterOptions::add_day(CLI::App& verb) {
  verb.add_option(
      "--day", day_,
      "day of the file, from which ages are reckoned, YYYY-MM-DD (default: today, UTC)");
}

Result<record::ReadOptions> RosterOptions::read(Day day) const {
  record::ReadOptions out;
  const auto population = encoded::population_named(population_);
  if (!population)
    return Error{ErrorCode::usage, "--population is one of student, staff, college, wage", ""};
  out.population = *population;
  out.today = date_of(day);
  out.columns = columns_;
  const auto separator = record::separator_named(separator_);
  if (!separator)
    return Error{ErrorCode::usage, "--separator is one of comma, semicolon, tab, bar", ""};
  out.separator = *separator;
  if (const std::string fault = schema::fault_of_formats(date_formats_); !fault.empty())
    return Error{ErrorCode::usage, "--date-format: " + fault, ""};
  out.date_formats = date_formats_;
  TESSERA_TRY(out.kind, kind_named(format_));
  return out;
}

}  // namespace tessera::cli
