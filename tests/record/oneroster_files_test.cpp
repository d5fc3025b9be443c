// Finding the three tables of a OneRoster set in folders and zips, whole, twice, or not at all.
#include "engine/record/oneroster_files.h"

#include "tests/record/oneroster_sets.h"

using namespace tessera;
using namespace tessera::record;

namespace {

Result<OneRosterFiles> from_zip(const Files& files) {
  const std::string bytes = zip_of(files);
  return open_oneroster_zip(as_bytes(bytes), "set.zip");
}

}  // namespace

TEST_CASE("the tables are found by name whatever its case, others are left alone") {
  const Files files{
      {"Users.CSV", "u"}, {"roles.csv", "r"}, {"orgs.csv", "o"}, {"users.csv.bak", "x"}};
  const Folder folder(files);
  for (const auto& set : {open_oneroster_folder(folder.path), from_zip(files)}) {
    REQUIRE(set.has_value());
    CHECK(set->users == "u");
    CHECK(set->roles == "r");
    CHECK_FALSE(set->demographics.has_value());
  }
}

TEST_CASE("a zip may hold them in any folder of its own") {
  const auto set = from_zip({{"a/b/demographics.csv", "d"}, {"c/users.csv", ""}});
  REQUIRE(set.has_value());
  CHECK(set->users.empty());
  CHECK(set->demographics == "d");
}

TEST_CASE("a table of more than one read comes whole") {
  std::string large;
  for (int i = 0; large.size() < (3 << 20); ++i) large += std::to_string(i) + ",";
  const auto set = from_zip({{"users.csv", large}});
  REQUIRE(set.has_value());
  CHECK(set->users == large);
}

TEST_CASE("without users.csv it is no set") {
  const Files files{{"roles.csv", "r"}, {"orgs.csv", "o"}};
  const Folder folder(files);
  for (const auto& set : {open_oneroster_folder(folder.path), from_zip(files)}) {
    REQUIRE_FALSE(set.has_value());
    CHECK(set.error().code == ErrorCode::format);
    CHECK(set.error().what ==
          "no users.csv, so this is no OneRoster set; give another CSV file by itself");
  }
}

TEST_CASE("one table twice is refused, not chosen from") {
  const auto zipped = from_zip({{"users.csv", "1"}, {"old/USERS.csv", "2"}});
  REQUIRE_FALSE(zipped.has_value());
  CHECK(zipped.error().what == "users.csv is there twice; keep one");
  CHECK(zipped.error().where == "set.zip");
  const Files files{{"roles.csv", "1"}, {"Roles.csv", "2"}, {"users.csv", "u"}};
  const Folder folder(files);
  const auto unpacked = open_oneroster_folder(folder.path);
  REQUIRE_FALSE(unpacked.has_value());
  CHECK(unpacked.error().what == "roles.csv is there twice; keep one");
}

TEST_CASE("a damaged zip is named, cut anywhere or with a byte changed in its data") {
  const std::string bytes = zip_of({{"users.csv", std::string(5000, 'u') + "end"}});
  for (std::size_t n = 0; n < bytes.size(); n += 7) {
    const auto set = open_oneroster_zip(as_bytes(bytes.substr(0, n)), "set.zip");
    REQUIRE_FALSE(set.has_value());
    CHECK(set.error().code == ErrorCode::format);
  }
  std::string changed = bytes;
  changed[45] = static_cast<char>(changed[45] ^ 0x55);  // behind the name, in the packed data
  const auto set = open_oneroster_zip(as_bytes(changed), "set.zip");
  REQUIRE_FALSE(set.has_value());
  CHECK(set.error().where == "set.zip/users.csv");
}

TEST_CASE("a folder that is not there") {
  const auto set = open_oneroster_folder("no/such/folder");
  REQUIRE_FALSE(set.has_value());
  CHECK(set.error().code == ErrorCode::io);
}
