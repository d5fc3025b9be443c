// Torn pages: half of a page is of before a batch, half of after it, as power that fails leaves it.
#include "tests/ledger/torn_page.h"

#include <algorithm>
#include <filesystem>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "engine/core/file.h"
#include "engine/core/random.h"
#include "tests/ledger/scratch.h"
#include "tests/registry/world.h"

using namespace tessera;
using namespace tessera::registry;
using namespace tessera::test;

namespace {

constexpr const char* kFiles[] = {"", ".entries"};

std::vector<Roster> people(std::string_view owner, std::uint8_t n) {
  Roster roster{std::string(owner), {}};
  for (std::uint8_t i = 1; i <= n; ++i) roster.rows.push_back({i, 100U + i});
  return {roster};
}

}  // namespace

TEST_CASE("a torn page of registry or entry store is noticed, or was of nothing; no second ID") {
  const Scratch scratch;
  const std::string path = scratch / "R.db";
  create_registry(path);
  REQUIRE(submit(path, people("north", 120), 1));
  std::string before[2];
  std::string after[2];
  for (int f = 0; f < 2; ++f) before[f] = *read_file(path + kFiles[f]);
  REQUIRE(submit(path, {{"south", {{1, 101}, {2, 102}, {9, 900}, {10, 901}}}}, 2));
  for (int f = 0; f < 2; ++f) after[f] = *read_file(path + kFiles[f]);
  const std::string copy = scratch / "torn.db";
  std::filesystem::copy_file(path + ".key", copy + ".key");
  Splitmix g(71);
  int torn = 0;
  int found = 0;
  for (int turn = 0; turn < 80; ++turn) {
    const auto f = static_cast<std::size_t>(turn % 2);
    const std::size_t size = page_size(after[f]);
    const std::size_t page = g.below(std::min(before[f].size(), after[f].size()) / size) * size;
    // Disks write sectors: the tear lies between two of them.
    const std::size_t tear = 512 * (1 + g.below(size / 512 - 1));
    const bool head_is_new = g.chance(.5);
    std::string bytes = after[f];
    std::copy_n(before[f].begin() + static_cast<std::ptrdiff_t>(page + (head_is_new ? tear : 0)),
                head_is_new ? size - tear : tear,
                bytes.begin() + static_cast<std::ptrdiff_t>(page + (head_is_new ? tear : 0)));
    if (bytes == after[f]) continue;
    ++torn;
    CAPTURE(turn);
    for (std::size_t i = 0; i < 2; ++i) {
      REQUIRE(
          write_file(copy + kFiles[i], i == f ? bytes : after[i], {.force = true, .mode = 0600}));
      for (const char* rest : {"-wal", "-shm"}) std::filesystem::remove(copy + kFiles[i] + rest);
    }
    const bool noticed = verified(copy) != "";
    found += noticed ? 1 : 0;
    const auto receipt = submit(copy, people("west", 120), 3);
    if (receipt) CHECK(receipt->ids_issued == 0);  // all of them are known
    if (!noticed) CHECK(receipt.has_value());
  }
  CHECK(torn > 10);
  CHECK(found > torn / 2);
}
