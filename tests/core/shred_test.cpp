#include "engine/core/shred.h"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <unistd.h>

#include <doctest/doctest.h>

#include "engine/core/file.h"
#include "tests/ledger/scratch.h"

using namespace tessera;

TEST_CASE("a shredded file is gone, and who held it open reads other bytes") {
  const test::Scratch folder;
  const std::string secret(100'000, 's');
  REQUIRE(write_file(folder / "k", secret, {}));
  const int open_before = open((folder / "k").c_str(), O_RDONLY);
  REQUIRE(open_before >= 0);
  const auto random = system_random();
  REQUIRE(shred_file(folder / "k", *random));
  CHECK_FALSE(std::filesystem::exists(folder / "k"));
  std::string now(secret.size(), '\0');
  REQUIRE(pread(open_before, now.data(), now.size(), 0) == static_cast<ssize_t>(now.size()));
  close(open_before);
  CHECK(now.find("ssssssss") == std::string::npos);
}

TEST_CASE("links, folders and what is not there are left as they are") {
  const test::Scratch folder;
  REQUIRE(write_file(folder / "k", "secret", {}));
  const auto random = system_random();
  std::filesystem::create_symlink(folder / "k", folder / "soft");
  CHECK(shred_file(folder / "soft", *random).error().code == ErrorCode::usage);
  std::filesystem::create_hard_link(folder / "k", folder / "hard");
  CHECK(shred_file(folder / "k", *random).error().code == ErrorCode::usage);
  CHECK_FALSE(shred_file(folder / ".", *random));
  CHECK(shred_file(folder / "none", *random).error().code == ErrorCode::io);
  CHECK(*read_file(folder / "k") == "secret");
}
