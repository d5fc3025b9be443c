// Formatting the lines of rosters.
#include "engine/lab/synth_rows.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/core/csv.h"
#include "engine/lab/synth_stream.h"

namespace tessera::lab {
namespace {

std::string grade_name(int grade) {
  if (grade < -1) return "PK3";
  if (grade < 0) return "PK";
  if (grade == 0) return "KG";
  return fmt::format("{:02}", std::min(grade, 12));
}

std::string school_name(const Line& line, int grade) {
  const char level = grade < 6 ? 'E' : grade < 9 ? 'M' : 'H';
  const std::uint64_t pick = mix(line.person.household, line.spell.owner) % (level == 'E' ? 5 : 2);
  return fmt::format("{}{}", level, pick + 1);
}

// ISO, whatever the owner writes.
std::string iso_date(const std::string& date) {
  if (date.size() != 10 || date[2] != '/') return date;
  return date.substr(6) + "-" + date.substr(0, 2) + "-" + date.substr(3, 2);
}

std::string modified(const Line& line) {
  const unsigned day = std::min(28U, 1 + line.night);
  return fmt::format("{}-10-{:02}T02:00:00.000Z", kFirstYear + static_cast<int>(line.year), day);
}

std::string cut(std::string text, std::size_t width) {
  text.resize(std::min(text.size(), width));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

// The fields of a wage record: last (20), first (12), middle initial, SSN or "".
struct WageFields {
  std::string last, first, middle, ssn;
};
WageFields wage_fields(const Line& line) {
  WageFields f;
  f.ssn = line.copy.ssn;
  f.last = cut(line.copy.last, 20);
  f.first = cut(line.copy.first, 12);
  f.middle = cut(line.copy.middle == "*" ? "" : line.copy.middle, 1);
  return f;
}

}  // namespace

std::string owner_name(const Owners& owners, std::uint16_t owner) {
  const Owner o = owners.of(owner);
  const std::uint32_t width = owners.districts > 999 ? 4 : owners.districts > 99 ? 3 : 2;
  if (o.sector == Sector::college) return fmt::format("college_{:02}", o.number + 1);
  if (o.sector == Sector::wage)
    return fmt::format("wages_y{}q{}", o.number / 4 + 1, o.number % 4 + 1);
  return fmt::format("district_{:0{}}", o.number + 1, width);
}

std::string_view population_name(Sector sector) {
  switch (sector) {
    case Sector::student:
      return "student";
    case Sector::college:
      return "college";
    case Sector::staff:
      return "staff";
    case Sector::wage:
      return "wage";
  }
  return "";
}

std::string local_id(const Owners& owners, const Spell& spell) {
  switch (owners.of(spell.owner).sector) {
    case Sector::student:
      return fmt::format("{:06}", spell.number);
    case Sector::college:
      return fmt::format("C{:07}", spell.number);
    case Sector::staff:
      return fmt::format("T{:06}", spell.number);
    case Sector::wage:
      return fmt::format("{}", spell.number + 1);
  }
  return "";
}

std::string roster_header(Sector sector, bool with_ssn) {
  std::string out = "local_id,first_name,middle_name,last_name,date_of_birth,sex";
  if (with_ssn) out += ",ssn,ssn_status";
  if (sector == Sector::student) out += ",grade,school";
  return out + "\n";
}

void append_roster(std::string& out, const Line& line, bool with_ssn) {
  const Copy& c = line.copy;
  const std::string id = local_id(line.owners, line.spell);
  std::vector<std::string_view> cells = {id, c.first, c.middle, c.last, c.date_of_birth, c.sex};
  if (with_ssn) cells.insert(cells.end(), {c.ssn, c.ssn_status});
  std::string grade, school;
  if (line.owners.of(line.spell.owner).sector == Sector::student) {
    const int g = grade_in(line.person.born, line.year);
    grade = grade_name(g);
    school = school_name(line, g);
    cells.insert(cells.end(), {grade, school});
  }
  csv::append_row(out, cells);
}

std::array<std::string, kOneRosterParts> one_roster_headers(bool with_ssn) {
  return {std::string("sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,"
                      "familyName,middleName,identifier,grades,primaryOrgSourcedId") +
              (with_ssn ? ",metadata.ssn,metadata.ssnStatus\n" : "\n"),
          "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"
          "orgSourcedId\n",
          "sourcedId,status,dateLastModified,birthDate,sex\n"};
}

void append_one_roster(std::array<std::string, kOneRosterParts>& out, const Line& line,
                       bool with_ssn) {
  const Copy& c = line.copy;
  const std::string id = local_id(line.owners, line.spell), role = "r-" + id;
  const std::string owner = owner_name(line.owners, line.spell.owner);
  const std::string_view status = line.night > 0 ? "active" : "";
  const std::string when = line.night > 0 ? modified(line) : "";
  const std::string grade = grade_name(grade_in(line.person.born, line.year));
  std::vector<std::string_view> cells = {id,      status, when,     "true", "",    "",
                                         c.first, c.last, c.middle, id,     grade, owner};
  if (with_ssn) cells.insert(cells.end(), {c.ssn, c.ssn_status});
  csv::append_row(out[0], cells);
  csv::append_row(out[1], {role, status, when, id, "primary", "student", "", "", owner});
  const std::string_view sex = c.sex == "F"   ? "female"
                               : c.sex == "M" ? "male"
                               : c.sex == "X" ? "other"
                                              : "unspecified";
  csv::append_row(out[2], {id, status, when, iso_date(c.date_of_birth), sex});
}

std::string one_roster_orgs(std::string_view owner) {
  return fmt::format(
      "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId\n{0},,,{0},district,{"
      "0},"
      "\n",
      owner);
}

std::string one_roster_manifest(bool delta) {
  const std::string_view mode = delta ? "delta" : "bulk";
  std::string out = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\n";
  constexpr std::string_view kFiles[] = {"academicSessions",
                                         "categories",
                                         "classes",
                                         "classResources",
                                         "courses",
                                         "courseResources",
                                         "demographics",
                                         "enrollments",
                                         "lineItemLearningObjectiveIds",
                                         "lineItems",
                                         "lineItemScoreScales",
                                         "orgs",
                                         "resources",
                                         "resultLearningObjectiveIds",
                                         "results",
                                         "resultScoreScales",
                                         "roles",
                                         "scoreScales",
                                         "userProfiles",
                                         "userResources",
                                         "users"};
  for (const std::string_view file : kFiles) {
    const bool there =
        file == "users" || file == "roles" || file == "demographics" || (file == "orgs" && !delta);
    out += fmt::format("file.{},{}\n", file, there ? mode : "absent");
  }
  return out + "source.systemName,tessera synth\nsource.systemCode,synth\n";
}

void append_wage_record(std::string& out, const Line& line) {
  const WageFields f = wage_fields(line);
  const std::uint64_t draw = mix(line.spell.person, line.spell.owner, 3);
  const std::size_t start = out.size();
  out += fmt::format("S{:<9}{:<20}{:<12}{:<1}23", f.ssn.empty() ? "I" : f.ssn, f.last, f.first,
                     f.middle);
  out.resize(start + 63, ' ');
  const std::uint64_t cents = 50000 + draw % 1500000;
  out += fmt::format("{:014}{:014}{:014}", cents, 0, cents);  // 64-105: total, excess, taxable
  out.resize(start + 131, ' ');
  out += fmt::format("{:04}", 40 + draw % 480);  // 132-135: hours
  out.resize(start + 142, ' ');
  out += "UTAX";
  out += fmt::format("{:<15}", fmt::format("E{:07}", mix(line.spell.person, line.year) % 40000));
  out.resize(start + 209, ' ');
  out += "0 111";  // 210 officer, 212-214 months paid
  out.resize(start + 275, ' ');
  out += "\r\n";
}

std::string wage_header() { return "local_id,first_name,middle_name,last_name,ssn,ssn_status\n"; }

void append_wage_row(std::string& out, const Line& line) {
  const WageFields f = wage_fields(line);
  csv::append_row(out, {local_id(line.owners, line.spell), f.first, f.middle, f.last, f.ssn,
                        f.ssn.empty() ? "not_available" : "provided"});
}

}  // namespace tessera::lab
