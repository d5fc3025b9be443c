// A folder that appears whole or not at all, and its lines in order whatever the threads do.
#include "engine/lab/synth_folder.h"

#include <utility>

#include "tests/lab/scratch.h"

using namespace tessera;
using namespace tessera::lab;

TEST_CASE("nothing stands at the path before commit, everything after") {
  const Scratch scratch;
  const std::string out = scratch / "made";
  auto folder = NewFolder::create(out + "/", false);
  REQUIRE(folder.has_value());
  REQUIRE(folder->write("a.txt", "one").has_value());
  REQUIRE(folder->write("deep/er/b.txt", "two").has_value());
  CHECK_FALSE(file_exists(out));
  CHECK(folder->files() == 2);
  REQUIRE(folder->commit().has_value());
  CHECK(scratch.read("made/a.txt") == "one");
  CHECK(scratch.read("made/deep/er/b.txt") == "two");
  CHECK_FALSE(file_exists(out + ".part"));
}

TEST_CASE("a folder given up leaves nothing, and one that was moved from gives up nothing") {
  const Scratch scratch;
  const std::string out = scratch / "made";
  {
    auto folder = NewFolder::create(out, false);
    REQUIRE(folder.has_value());
    REQUIRE(folder->write("a.txt", "one").has_value());
    CHECK(file_exists(out + ".part"));
  }
  CHECK_FALSE(file_exists(out + ".part"));
  CHECK_FALSE(file_exists(out));
  auto folder = NewFolder::create(out, false);
  REQUIRE(folder.has_value());
  {
    NewFolder kept = std::move(*folder);
    NewFolder again = std::move(kept);
    REQUIRE(again.write("a.txt", "one").has_value());
    REQUIRE(again.commit().has_value());
  }
  CHECK(file_exists(out + "/a.txt"));
}

TEST_CASE("what stands there is replaced only if synth made it, and only by force") {
  const Scratch scratch;
  const std::string out = scratch / "made";
  std::filesystem::create_directory(out);
  CHECK(NewFolder::create(out, false).has_value());  // empty
  scratch.write("made/notes.txt", "mine");
  for (const bool force : {false, true}) {
    const auto refused = NewFolder::create(out, force);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == ErrorCode::usage);
  }
  scratch.write("made/synth.json", "{}");
  CHECK_FALSE(NewFolder::create(out, false).has_value());
  auto folder = NewFolder::create(out, true);
  REQUIRE(folder.has_value());
  CHECK(file_exists(out + "/notes.txt"));  // until it is committed
  REQUIRE(folder->commit().has_value());
  CHECK_FALSE(file_exists(out + "/notes.txt"));
}

TEST_CASE("a part that another run left is refused, and taken over by force") {
  const Scratch scratch;
  const std::string out = scratch / "made";
  std::filesystem::create_directory(out + ".part");
  scratch.write("made.part/old.txt", "old");
  const auto refused = NewFolder::create(out, false);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().where == out + ".part");
  CHECK(file_exists(out + ".part/old.txt"));
  auto folder = NewFolder::create(out, true);
  REQUIRE(folder.has_value());
  REQUIRE(folder->commit().has_value());
  CHECK_FALSE(file_exists(out + "/old.txt"));
}

TEST_CASE("lines come in the order of their items, over many chunks, each in its file") {
  const Scratch scratch;
  auto folder = NewFolder::create(scratch / "made", false);
  REQUIRE(folder.has_value());
  constexpr std::size_t kItems = 70001;  // more than two rounds of chunks
  Silent silent;
  const auto rows = write_lines(
      *folder,
      {{"all.csv", "n\n"}, {"even.csv", "n\n"}, {"none.csv", "n\n", false}, {"empty.csv", "n\n"}},
      kItems,
      [](std::size_t i, Parts& out) -> std::size_t {
        out[0] += std::to_string(i) + "\n";
        if (i % 2 == 0) out[1] += std::to_string(i) + "\n";
        return i % 3 == 0 ? 1 : 0;
      },
      silent);
  REQUIRE(rows.has_value());
  CHECK(*rows == (kItems + 2) / 3);
  CHECK(folder->files() == 3);
  REQUIRE(folder->commit().has_value());
  std::string all = "n\n";
  std::string even = "n\n";
  for (std::size_t i = 0; i < kItems; ++i) {
    all += std::to_string(i) + "\n";
    if (i % 2 == 0) even += std::to_string(i) + "\n";
  }
  CHECK((scratch.read("made/all.csv") == all));
  CHECK((scratch.read("made/even.csv") == even));
  CHECK(scratch.read("made/empty.csv") == "n\n");
  CHECK_FALSE(file_exists(scratch / "made/none.csv"));
}
