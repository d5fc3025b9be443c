// Lines of rosters, letter by letter, for one pupil.
#include "engine/lab/synth_rows.h"

#include <algorithm>

#include <doctest/doctest.h>

namespace synth_rows_test {

using namespace tessera;
using namespace tessera::lab;

namespace {

constexpr Owners kOwners{2, 1, 2};  // districts 0, 1; college 2; staff 3, 4; wages 5..12

// Everything a line is made of, kept alive beside it.
struct Made {
  Spell spell;
  Person person;
  Copy copy{"Ann \"Nan\"", "*", "O'Brien, Jr", "03/04/2010", "F", "123456789", "provided"};
  std::uint32_t night = 0;
  explicit Made(std::uint16_t owner, std::uint32_t number = 42) {
    spell.owner = owner;
    spell.number = number;
    person.born = {2010, 3, 4};
  }
  Line line(std::uint32_t year = 0) const { return {kOwners, spell, person, copy, year, night}; }
};

std::string roster(const Made& made, bool with_ssn) {
  std::string out;
  append_roster(out, made.line(), with_ssn);
  return out;
}

}  // namespace

TEST_CASE("owners and their local IDs by sector") {
  const auto id = [](Sector sector, std::uint32_t n) { return kOwners.id(sector, n); };
  CHECK(owner_name(kOwners, id(Sector::student, 1)) == "district_02");
  CHECK(owner_name(kOwners, id(Sector::staff, 1)) == "district_02");
  CHECK(owner_name(kOwners, id(Sector::college, 0)) == "college_01");
  CHECK(owner_name(kOwners, id(Sector::wage, 5)) == "wages_y2q2");
  CHECK(owner_name({100, 0, 1}, 0) == "district_001");
  CHECK(owner_name({1000, 0, 1}, 0) == "district_0001");
  Spell s;
  s.number = 42;
  const std::pair<Sector, const char*> expected[] = {{Sector::student, "000042"},
                                                     {Sector::college, "C0000042"},
                                                     {Sector::staff, "T000042"},
                                                     {Sector::wage, "43"}};
  for (const auto& [sector, text] : expected) {
    s.owner = id(sector, 0);
    CHECK(local_id(kOwners, s) == text);
  }
  CHECK(population_name(Sector::wage) == "wage");
  CHECK(population_name(Sector::student) == "student");
}

TEST_CASE("a district's line: as many cells as its header, quoted where they must be") {
  const Made made(0);
  CHECK(
      roster_header(Sector::student, true) ==
      "local_id,first_name,middle_name,last_name,date_of_birth,sex,ssn,ssn_status,grade,school\n");
  const std::string line = roster(made, true);
  // Born in March 2010: eight years old in October 2018, third grade, of five primary schools one.
  const std::string start =
      "000042,\"Ann \"\"Nan\"\"\",*,\"O'Brien, Jr\",03/04/2010,F,123456789,provided,03,E";
  REQUIRE(line.starts_with(start));
  CHECK(line.size() == start.size() + 2);
  CHECK(line.back() == '\n');
  CHECK(roster(made, false).find("123456789") == std::string::npos);
  CHECK(roster_header(Sector::staff, false) ==
        "local_id,first_name,middle_name,last_name,date_of_birth,sex\n");
  CHECK(roster(Made(kOwners.id(Sector::staff, 0)), false) ==
        "T000042,\"Ann \"\"Nan\"\"\",*,\"O'Brien, Jr\",03/04/2010,F\n");
}

TEST_CASE("grades from PK3 to 12") {
  const std::pair<int, const char*> expected[] = {
      {2016, ",PK3,E"}, {2014, ",PK,E"}, {2013, ",KG,E"}, {2012, ",01,E"},
      {2007, ",06,M"},  {2004, ",09,H"}, {2000, ",12,H"}, {1998, ",12,H"}};
  for (const auto& [year, text] : expected) {
    Made made(0);
    made.person.born = {year, 3, 4};
    CAPTURE(year);
    CHECK(roster(made, false).find(text) != std::string::npos);
  }
}

TEST_CASE("OneRoster: three files, ISO dates, and a time stamp in what comes at night") {
  Made made(1);
  std::array<std::string, kOneRosterParts> out;
  append_one_roster(out, made.line(), true);
  CHECK(out[0] ==
        "000042,,,true,,,\"Ann \"\"Nan\"\"\",\"O'Brien, Jr\",*,000042,03,district_02,123456789,"
        "provided\n");
  CHECK(out[1] == "r-000042,,,000042,primary,student,,,district_02\n");
  CHECK(out[2] == "000042,,,2010-03-04,female\n");
  made.night = 3;
  made.copy.sex = "";
  made.copy.date_of_birth = "2010-03-04";
  out = {};
  append_one_roster(out, made.line(1), false);
  CHECK(out[1].starts_with("r-000042,active,2019-10-04T02:00:00.000Z,"));
  CHECK(out[2] == "000042,active,2019-10-04T02:00:00.000Z,2010-03-04,unspecified\n");
  const auto commas = [](const std::string& text) {
    return std::count(text.begin(), text.end(), ',');
  };
  for (const bool ssn : {false, true}) {
    std::array<std::string, kOneRosterParts> lines;
    made.copy = {"Ann", "", "Lee", "2010-03-04", "M", "", ""};
    append_one_roster(lines, made.line(), ssn);
    for (std::size_t i = 0; i < kOneRosterParts; ++i)
      CHECK(commas(lines[i]) == commas(one_roster_headers(ssn)[i]));
  }
  CHECK(one_roster_manifest(true).find("file.orgs,absent\n") != std::string::npos);
  CHECK(one_roster_manifest(false).find("file.orgs,bulk\n") != std::string::npos);
  CHECK(one_roster_orgs("district_02")
            .ends_with("district_02,,,district_02,district,district_02,\n"));
}

TEST_CASE("a wage record has its fields at their bytes, cut to their widths") {
  Made made(kOwners.id(Sector::wage, 0));
  made.copy = {"Bartholomew Jo", "*", "Featherstonehaugh-Cholmondeley", "", "", "123456789", ""};
  std::string record;
  append_wage_record(record, made.line());
  REQUIRE(record.size() == 277);
  CHECK(record.substr(0, 43) == "S123456789Featherstonehaugh-ChBartholomew  ");
  CHECK(record.substr(275) == "\r\n");
  CHECK(record.substr(142, 4) == "UTAX");
  CHECK(record.substr(209, 5) == "0 111");
  std::string row;
  append_wage_row(row, made.line());
  CHECK(row == "43,Bartholomew,,Featherstonehaugh-Ch,123456789,provided\n");
  made.copy.ssn = "";
  record.clear();
  row.clear();
  append_wage_record(record, made.line());
  append_wage_row(row, made.line());
  CHECK(record.size() == 277);
  CHECK(record.substr(0, 10) == "SI        ");
  CHECK(row.ends_with(",,not_available\n"));
}

}  // namespace synth_rows_test
