// Lines of the files that owners deliver: district CSV, OneRoster, wage records.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "engine/lab/synth_copy.h"

namespace tessera::lab {

// "district_03", "college_1", "wages_y2q4"; a district's staff roster has the district's name.
std::string owner_name(const Owners& owners, std::uint16_t owner);
// The word used in groups.csv: student, college, staff or wage.
std::string_view population_name(Sector sector);
// Local IDs: digits; T and C before those of staff and college; the line in a file of wages.
std::string local_id(const Owners& owners, const Spell& spell);

// What every line needs.
struct Line {
  const Owners& owners;
  const Spell& spell;
  const Person& person;
  const Copy& copy;
  std::uint32_t year;   // from 0
  std::uint32_t night;  // 0 = October
};

std::string roster_header(Sector sector, bool with_ssn);
void append_roster(std::string& out, const Line& line, bool with_ssn);

// OneRoster 1.2 as CSV files in a folder; sourcedId is the local ID.
inline constexpr std::size_t kOneRosterParts = 3;  // users, roles, demographics
std::array<std::string, kOneRosterParts> one_roster_headers(bool with_ssn);
void append_one_roster(std::array<std::string, kOneRosterParts>& out, const Line& line,
                       bool with_ssn);
std::string one_roster_orgs(std::string_view owner);
std::string one_roster_manifest(bool delta);

// A 275-byte S-record (ICESA) and a line end; and the same as a CSV line, header in wage_header().
void append_wage_record(std::string& out, const Line& line);
std::string wage_header();
void append_wage_row(std::string& out, const Line& line);

}  // namespace tessera::lab
