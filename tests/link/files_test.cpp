#include "engine/link/files.h"

#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>

#include "engine/schema/variants.h"
#include "tests/ledger/scratch.h"
#include "tests/link/submissions.h"

using namespace tessera;
using encoded::Population;
using link::FileSet;
using link::PairRule;

namespace {}  // namespace

TEST_CASE("records are numbered alike whatever the order of the files") {
  const test::Scratch folder;
  const auto schema = schema::load("default");
  const std::vector<std::string> paths{
      test::submit(folder / "b", *schema, reference::draw_people(7, 1, ""), "south"),
      test::submit(folder / "a", *schema, reference::draw_people(5, 2, ""), "north",
                   Population::staff),
      test::submit(folder / "c", *schema, reference::draw_people(6, 3, ""), "north")};
  std::vector<std::string> order = paths;
  std::ranges::sort(order);
  std::vector<encoded::RecordKey> first;
  do {
    auto set = FileSet::open(order);
    REQUIRE(set);
    CHECK(set->records() == 18);
    CHECK(set->files()[0].header().owner == "north");
    CHECK(set->files()[0].header().population == Population::student);
    CHECK(set->files()[1].header().population == Population::staff);
    CHECK(set->files()[2].header().owner == "south");
    std::vector<encoded::RecordKey> keys;
    for (std::uint32_t r = 0; r < set->records(); ++r) {
      keys.push_back(set->record(r).key);
      const std::uint32_t f = set->file_of(r);
      CHECK(r >= set->first_record(f));
      CHECK(r < set->first_record(f) + set->files()[f].records().size());
    }
    if (first.empty()) first = keys;
    CHECK(keys == first);
  } while (std::ranges::next_permutation(order).found);
}

TEST_CASE("each row of a source belongs to the record whose handle it carries") {
  const test::Scratch folder;
  const auto schema = schema::load("default");
  auto set = FileSet::open(
      {test::submit(folder / "a", *schema, reference::draw_people(9, 1, ""), "north"),
       test::submit(folder / "b", *schema, reference::draw_people(4, 2, ""), "south")});
  REQUIRE(set);
  for (const std::size_t pass : {std::size_t{0}, std::size_t{3}, std::size_t{0}}) {
    const auto sources = set->sources(pass);
    REQUIRE(sources);
    REQUIRE(sources->size() == 2);
    for (std::size_t f = 0; f < 2; ++f)
      for (std::size_t i = 0; i < (*sources)[f].view.rows(); ++i)
        CHECK((*sources)[f].records[i] ==
              set->first_record(f) + set->files()[f].record_of((*sources)[f].view.handles[i]));
  }
}

TEST_CASE("a run counts what its rule allows") {
  const test::Scratch folder;
  const auto schema = schema::load("default");
  auto set = FileSet::open(
      {test::submit(folder / "a", *schema, reference::draw_people(9, 1, ""), "north"),
       test::submit(folder / "b", *schema, reference::draw_people(4, 2, ""), "south"),
       test::submit(folder / "c", *schema, reference::draw_people(6, 3, ""), "west")});
  REQUIRE(set);
  const link::Run across = set->run(PairRule::across);
  CHECK(across.size.records == 19);
  CHECK(across.size.possible_matches == 4 + 6 + 4);
  CHECK(across.group[0] == 0);
  CHECK(across.group[18] == 2);
  CHECK(std::ranges::is_sorted(across.group));
  CHECK(set->run(PairRule::everything).size.possible_matches == 76);
  CHECK(!across.tokens);
}

TEST_CASE("tokens count only if every file has them") {
  const test::Scratch folder;
  const auto plain = schema::load("default");
  const auto schema = schema::with_ssn(*plain);
  REQUIRE(schema);
  auto set = FileSet::open(
      {test::submit(folder / "a", *schema, reference::draw_people(5, 1, ""), "north"),
       test::submit(folder / "b", *schema, reference::draw_people(5, 2, ""), "south")});
  REQUIRE(set);
  CHECK(set->tokens());
}

TEST_CASE("files that do not belong together are refused") {
  const test::Scratch folder;
  const auto schema = schema::load("default");
  const auto other = schema::load("high-privacy");
  const std::string a =
      test::submit(folder / "a", *schema, reference::draw_people(5, 1, ""), "north");
  const std::string b =
      test::submit(folder / "b", *other, reference::draw_people(5, 2, ""), "south");
  const std::string c = test::submit(folder / "c", *schema, reference::draw_people(5, 2, ""),
                                     "south", Population::student, 1, 9);
  CHECK(FileSet::open({a, b}).error().code == ErrorCode::conflict);
  CHECK(FileSet::open({a, c}).error().code == ErrorCode::conflict);
  CHECK(FileSet::open({a, a}).error().code == ErrorCode::usage);
  CHECK(FileSet::open({a, folder / "none"}).error().code == ErrorCode::io);
  std::filesystem::create_hard_link(a, folder / "link");
  CHECK(FileSet::open({a, folder / "link"}).error().code == ErrorCode::usage);
  std::filesystem::copy_file(a, folder / "copy");
  const auto copied = FileSet::open({a, folder / "copy"});
  REQUIRE(!copied);
  CHECK(copied.error().what.find("copy") != std::string::npos);
  CHECK(FileSet::open({}).error().code == ErrorCode::usage);
}
