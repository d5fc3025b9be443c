#include "engine/record/known.h"

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "tests/ledger/scratch.h"

using namespace tessera;

namespace {

record::Roster roster_of(const std::vector<std::string>& ids) {
  record::Roster out;
  for (const std::string& id : ids) {
    record::Fields fields;
    fields.local_id = id;
    out.records.push_back(std::move(fields));
    out.lines.push_back(out.records.size() + 1);
  }
  return out;
}

}  // namespace

TEST_CASE("whoever stands in a map is left out, and lines stay with their records") {
  const test::Scratch folder;
  REQUIRE(write_file(folder / "a.map", "record,local_id\n00,1\n01,\"3,x\"\n", {}));
  REQUIRE(write_file(folder / "b.map", "record,local_id\n02,4\n03,99\n", {}));
  record::Roster roster = roster_of({"1", "2", "3,x", "4", "5"});
  const auto out = record::leave_out_known(roster, {folder / "a.map", folder / "b.map"});
  REQUIRE(out);
  CHECK(*out == 3);
  REQUIRE(roster.records.size() == 2);
  CHECK(roster.records[0].local_id == "2");
  CHECK(roster.records[1].local_id == "5");
  CHECK(roster.lines == std::vector<std::size_t>{3, 6});
}

TEST_CASE("a map that is none is refused with its line, and without its values") {
  const test::Scratch folder;
  record::Roster roster = roster_of({"1"});
  CHECK(record::leave_out_known(roster, {folder / "none"}).error().code == ErrorCode::io);
  REQUIRE(write_file(folder / "bad.map", "record,local_id\n00,1\n01\n", {}));
  const auto bad = record::leave_out_known(roster, {folder / "bad.map"});
  CHECK(bad.error().code == ErrorCode::format);
  CHECK(bad.error().where.find("bad.map:3") != std::string::npos);
  CHECK(roster.records.size() == 1);
}
