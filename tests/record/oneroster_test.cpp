// OneRoster 1.1 and 1.2, as folder and as zip.
#include "engine/record/roster.h"
#include "tests/record/oneroster_sets.h"
#include "tests/record/rosters.h"

using namespace tessera;
using namespace tessera::record;

namespace {

const Files kVersion12 = {
    {"manifest.csv", "propertyName,value\nmanifest.version,1.0\noneroster.version,1.2\n"},
    {"users.csv",
     "\xEF\xBB\xBFsourcedId,status,dateLastModified,enabledUser,username,givenName,familyName,"
     "middleName,identifier,preferredGivenName,preferredFamilyName\r\n"
     "u1,active,,true,x,William,O'Neil,Q,ID-1,Buddy,\r\n"
     "u2,active,,true,x,Ann,Lee,,ID-2,,\r\n"
     "u3,tobedeleted,,true,x,Gone,Away,,ID-3,,\r\n"
     "u4,active,,true,x,Tess,Teacher,,ID-4,,\r\n"
     "u5,active,,true,x,Par,Ent,,ID-5,,\r\n"
     "u6,,,true,x,Both,Roles,,ID-6,,Former\r\n"},
    {"demographics.csv",
     "status,sourcedId,dateLastModified,birthDate,sex,asian\n"
     "active,u2,,2011-01-09,female,false\n"
     "active,u1,,2010-03-04,male,false\n"
     "tobedeleted,u6,,2001-01-01,male,false\n"
     "active,u4,,1980-05-05,unspecified,false\n"},
    {"roles.csv",
     "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,"
     "orgSourcedId\n"
     "r1,active,,u1,primary,student,,,o\n"
     "r2,active,,u2,primary,student,,,o\n"
     "r3,active,,u3,primary,student,,,o\n"
     "r4,active,,u4,primary,teacher,,,o\n"
     "r5,active,,u5,primary,parent,,,o\n"
     "r6,active,,u6,primary,aide,,,o\n"
     "r7,active,,u6,secondary,student,,,o\n"
     "r8,tobedeleted,,u5,secondary,student,,,o\n"}};

std::vector<std::string> ids(const Roster& r) {
  std::vector<std::string> out;
  for (const Fields& f : r.records) out.push_back(f.local_id);
  return out;
}
using Ids = std::vector<std::string>;

ReadOptions staff_options() {
  ReadOptions options = student_options();
  options.population = encoded::Population::staff;
  return options;
}

}  // namespace

TEST_CASE("1.2: users, demographics and roles are joined by sourcedId") {
  const Roster r = must_read(zip_of(kVersion12));
  CHECK(r.report.kind == SourceKind::oneroster);
  CHECK(ids(r) == Ids{"u1", "u2", "u6"});
  CHECK(r.report.to_be_deleted == 1);
  CHECK(r.report.other_roles == 2);
  const Fields& f = r.records[0];
  CHECK(f.values[kFirst].names[0].whole == "WILLIAM");
  CHECK(f.values[kFirst].names[1].whole == "BUDDY");
  CHECK(f.values[kLast].names[0].whole == "ONEIL");
  CHECK(f.values[kMiddle].text == "Q");
  CHECK(f.values[kDob].date.year == 2010);
  CHECK(f.values[kSex].text == "M");
  CHECK(r.records[1].values[kDob].date.day == 9);
  CHECK(r.records[2].values[kDob].date.year == 0);  // its demographics are to be deleted
  CHECK(r.records[2].values[kLast].names.size() == 2);
  CHECK(r.lines == std::vector<std::size_t>{2, 3, 7});
}

TEST_CASE("1.2: staff are those with a role at the school") {
  const Roster r = must_read(zip_of(kVersion12), staff_options());
  CHECK(ids(r) == Ids{"u4", "u6"});
  CHECK(r.records[0].values[kDob].date.year == 1980);
  CHECK(r.records[0].values[kSex].text.empty());
}

TEST_CASE("a folder gives what its zip gives, and a zip may hold a folder") {
  const Folder folder(kVersion12);
  Silent silent;
  const auto from_folder = read_roster(folder.path, full_schema(), student_options(), silent);
  REQUIRE(from_folder);
  Files inside = kVersion12;
  for (auto& [name, text] : inside) name = "export/2026/" + name;
  const Roster from_zip = must_read(zip_of(inside));
  CHECK(ids(*from_folder) == ids(from_zip));
  json::Value a = to_json(from_folder->report);
  json::Value b = to_json(from_zip.report);
  a.set("source", "");
  b.set("source", "");
  CHECK(a == b);
}

TEST_CASE("1.1: the role stands in users.csv; without any role all are taken") {
  const Files files = {{"Users.csv",
                        "sourcedId,role,givenName,familyName,orgSourcedIds\nu1,student,Ann,Lee,"
                        "o\nu2,teacher,Tess,Ray,o\n"
                        "u3,administrator,Ada,Kay,o\nu4,guardian,Gus,Kay,o\n"}};
  CHECK(ids(must_read(zip_of(files))) == Ids{"u1"});
  CHECK(ids(must_read(zip_of(files), staff_options())) == Ids{"u2", "u3"});
  CHECK(ids(must_read(zip_of({{"users.csv", "sourcedId,givenName\nu1,Ann\nu2,Bob\n"}}))) ==
        Ids{"u1", "u2"});
}

TEST_CASE(
    "SSNs are found in the usual extension columns of either table, or said not to be there") {
  for (const char* name : {"metadata.ssn", "metadata.SSN", "metadata.socialSecurityNumber"}) {
    CAPTURE(name);
    const std::string users = "sourcedId,givenName\nu1,Ann\n";
    const Roster in_demographics =
        must_read(zip_of({{"users.csv", users},
                          {"demographics.csv", "sourcedId," + std::string(name) +
                                                   ",metadata.ssnStatus\nu1,116-68-9290,\n"}}));
    CHECK(in_demographics.records[0].values[kSsn].text == "116689290");
    const Roster in_users = must_read(zip_of(
        {{"users.csv", "sourcedId,givenName," + std::string(name) + "\nu1,Ann,116689290\n"}}));
    CHECK(in_users.report.fields[kSsn].columns == std::vector<std::string>{name});
    CHECK(in_users.report.provided == 1);
    CHECK(to_text(must_read(zip_of({{"users.csv", users}})).report)
              .find("ssn: no column holds it\n") != std::string::npos);
  }
}

TEST_CASE("the local ID may be another column") {
  ReadOptions options = student_options();
  options.columns = {"local_id=identifier", "first+=username"};
  CHECK(ids(must_read(zip_of(kVersion12), options)) == Ids{"ID-1", "ID-2", "ID-6"});
}

TEST_CASE("faults of the set are errors; faults of rows are rejected and name their file") {
  const auto error = [](const std::string& bytes) {
    const auto r = read_text(bytes);
    REQUIRE_FALSE(r);
    CHECK(r.error().code == ErrorCode::format);
    return r.error().where + ": " + r.error().what;
  };
  CHECK(error(zip_of({{"orgs.csv", "a\n"}})) ==
        "roster.csv: no users.csv, so this is no OneRoster set; give another CSV file by "
        "itself");
  CHECK(error(zip_of({{"xl/workbook.xml", "<x/>"}})) ==
        "roster.csv: this is a spreadsheet; save it as CSV UTF-8");
  CHECK(error(zip_of({{"a/users.csv", "sourcedId\n"}, {"b/users.csv", "sourcedId\n"}})) ==
        "roster.csv: users.csv is there twice; keep one");
  CHECK(error(zip_of({{"users.csv", "id,givenName\n"}})) ==
        "roster.csv/users.csv:1: missing column: sourcedId");
  CHECK(error(zip_of({{"users.csv", "sourcedId,givenName\n"}, {"roles.csv", "userSourcedId\n"}}))
            .find("missing column: role") != std::string::npos);
  CHECK(error("PK\x03\x04 not a zip") == "roster.csv: this zip is damaged; make it again");

  std::string users = "sourcedId,givenName\n";
  for (int i = 0; i < 100; ++i) users += "u" + std::to_string(i) + ",Ann\n";
  const Roster r = must_read(
      zip_of({{"users.csv", users + "u100\nu5,Bob\n"},
              {"demographics.csv", "sourcedId,birthDate\nu1,2010-03-04\nu1,2011-03-04\nu2\n"}}));
  CHECK(r.records.size() == 100);
  CHECK(r.records[1].values[kDob].date.year == 2010);
  std::string rejects = rejects_csv(r.report.rejects);
  CHECK(r.report.rejects.size() == 4);
  CHECK(rejects.find("\nroster.csv/demographics.csv,3,repeated_local_id,an earlier row") !=
        std::string::npos);
  CHECK(rejects.find("\nroster.csv/demographics.csv,4,structure,1 cells") != std::string::npos);
  CHECK(rejects.find("\nroster.csv/users.csv,102,structure,1 cells") != std::string::npos);
  CHECK(rejects.find("\nroster.csv/users.csv,103,repeated_local_id,") != std::string::npos);
}

TEST_CASE(
    "any cut or changed byte of a zip gives a roster or an error, and no value in a message") {
  const std::string whole = zip_of(kVersion12);
  Silent silent;
  for (std::size_t i = 0; i < whole.size(); i += 3) {
    std::string damaged = whole;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x11);
    for (const std::string& bytes : {whole.substr(0, i), damaged}) {
      const auto r =
          read_roster_bytes(as_bytes(bytes), "r.zip", full_schema(), student_options(), silent);
      if (r) continue;
      CHECK(r.error().what.find("William") == std::string::npos);
      CHECK(r.error().what.find("2010") == std::string::npos);
    }
  }
}
