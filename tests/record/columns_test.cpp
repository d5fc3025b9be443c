// Which column is read as which field.
#include "engine/record/columns.h"

#include "rosters.h"

using namespace tessera;
using namespace tessera::record;

namespace {
Result<Plan> plan(const std::vector<std::string>& header,
                  const std::vector<std::string>& maps = {}) {
  const auto mappings = parse_mappings(maps);
  if (!mappings) return mappings.error();
  return plan_columns(header, full_schema(), *mappings, "roster.csv:1");
}
using Columns = std::vector<std::size_t>;
}  // namespace

TEST_CASE("columns are found by the schema's names, whatever their case and separators") {
  for (const char* name : {"first_name", "FIRST_NAME", "First Name", "first-name", "FirstName"}) {
    CAPTURE(name);
    const auto p = plan({"id", "other", name});
    REQUIRE(p);
    CHECK(p->fields[kFirst] == Columns{2});
    CHECK(p->local_id == 0);
  }
  // The field's own name, and the usual names of its kind.
  CHECK(plan({"student_id", "first", "DOB", "Surname", "Gender"})->fields[kDob] == Columns{2});
  CHECK(plan({"student_id", "first", "DOB", "Surname", "Gender"})->fields[kLast] == Columns{3});
  CHECK(plan({"student_id", "first", "DOB", "Surname", "Gender"})->fields[kSex] == Columns{4});
  // The schema's first name goes before its second.
  CHECK(plan({"id", "given_name", "first_name"})->fields[kFirst] == Columns{2});
}

TEST_CASE("local IDs are found by name or map") {
  for (const char* name :
       {"local_id", "Student ID", "id", "rec_id", "sourcedId", "staff_id", "simulant_id"}) {
    CAPTURE(name);
    const auto p = plan({"first", name});
    REQUIRE(p);
    CHECK(p->local_id == 1);
  }
  CHECK(plan({"id", "badge", "first"}, {"local_id=badge"})->local_id == 1);
  const auto none = plan({"first", "last"});
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ErrorCode::format);
  CHECK(
      none.error().what ==
      "no column of local IDs; if this is the header line, name it with --column local_id=COLUMN");
}

TEST_CASE("the caller's map goes before all, and += adds names") {
  const auto p = plan({"id", "first_name", "call_me", "maiden", "last_name"},
                      {"first=Call Me", "last+=maiden", "first+=first_name"});
  REQUIRE(p);
  CHECK(p->fields[kFirst] == Columns{2, 1});
  CHECK(p->fields[kLast] == Columns{4, 3});
}

TEST_CASE("maps that make no sense are refused") {
  const auto refused = [](const std::vector<std::string>& header,
                          const std::vector<std::string>& maps) {
    const auto p = plan(header, maps);
    REQUIRE_FALSE(p);
    CHECK(p.error().code == ErrorCode::usage);
    return p.error().what;
  };
  CHECK(refused({"id", "a"}, {"first"}) ==
        "first is no column map; write field=column or field+=column");
  CHECK(refused({"id", "a"}, {"=a"}) == "=a is no column map; write field=column or field+=column");
  CHECK(refused({"id", "a"}, {"first="}) ==
        "first= is no column map; write field=column or field+=column");
  CHECK(refused({"id", "a"}, {"nose=a"}) ==
        "the schema has no field nose; its fields are first, middle, last, dob, sex, ssn, card");
  CHECK(refused({"id", "a"}, {"first=b"}) == "there is no column b, asked for as first");
  CHECK(refused({"id", "a"}, {"dob+=a"}) ==
        "dob takes one column; += is for given names and surnames");
  CHECK(refused({"id", "a"}, {"first=a", "first=id"}) == "first is given a column twice");
  CHECK(refused({"id", "first name", "first_name "}, {}).find("columns 2 and 3 could both be") ==
        0);
  CHECK(refused({"ssn", "first"}, {"local_id=ssn"}).find("the SSN cannot be the local ID") == 0);
  // Nor where the schema has no SSN, for the map would show it all the same.
  schema::Schema without = full_schema();
  without.fields.erase(without.fields.begin() + kSsn);
  const auto mappings = parse_mappings({"local_id=Social Security Number"});
  const auto plan =
      plan_columns({"id", "Social Security Number", "first"}, without, *mappings, "r");
  REQUIRE_FALSE(plan);
  CHECK(plan.error().what.starts_with("the SSN cannot be the local ID"));
}

TEST_CASE("a table without any field of the schema is no roster") {
  const auto p = plan({"id", "weight", "height"});
  REQUIRE_FALSE(p);
  CHECK(p.error().code == ErrorCode::format);
}
