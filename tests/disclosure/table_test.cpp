#include "engine/disclosure/table.h"

#include "tests/disclosure/desk.h"

using namespace tessera;
using namespace tessera::disclosure;

namespace {

Result<Table> read(const std::string& text) { return read_table(text, "t.csv", "state_id"); }

}  // namespace

TEST_CASE("lines, fields and students") {
  const Result<Table> t =
      read(fmt::format("grade,state_id\n9,{}\n10,{}\n9,{}\n", id_text(1), id_text(2), id_text(1)));
  REQUIRE(t.has_value());
  CHECK(t->fields == std::vector<std::string>{"grade"});
  CHECK(t->cells[1] == std::vector<std::string>{"10"});
  CHECK(t->students() == std::vector<std::uint64_t>{id_of(1), id_of(2)});
}

TEST_CASE("R39: no column of SSNs leaves, by name or by look") {
  for (const char* name : {"ssn", "SSN_last4", "Social Security No.", "soc_sec_id"})
    CHECK(!read(fmt::format("state_id,{}\n{},1\n", name, id_text(1))).has_value());
  const Result<Table> hidden = read(fmt::format("state_id,note\n{},123-45-6789\n", id_text(1)));
  REQUIRE(!hidden.has_value());
  CHECK(hidden.error().where == "t.csv:2");
  CHECK(hidden.error().what.find("123") == std::string::npos);
  CHECK(read(fmt::format("state_id,lesson\n{},123-45-678\n", id_text(1))).has_value());
}

TEST_CASE("a wrong ID is named by line, not shown") {
  const Result<Table> bad = read("state_id,grade\n1234567890,9\n");
  REQUIRE(!bad.has_value());
  CHECK(bad.error().where == "t.csv:2");
  CHECK(bad.error().what.find("1234567890") == std::string::npos);
  CHECK(!read("id,grade\n1,2\n").has_value());
}
