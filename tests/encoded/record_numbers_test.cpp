// Order, numbers and refusals, on files that hold nothing but what is asked of them.
#include "engine/encoded/record_numbers.h"

#include <cstdlib>
#include <filesystem>

#include <doctest/doctest.h>

using namespace tessera;

namespace {

struct Names {
  std::string owner, population;
};
struct Stub {
  Names names;
  std::uint8_t mark;
  std::size_t size;
  std::string at;
  struct Counted {
    std::size_t n;
    std::size_t size() const { return n; }
  };
  const Names& header() const { return names; }
  Sha256 digest() const { return Sha256{mark}; }
  Counted records() const { return {size}; }
  const std::string& path() const { return at; }
};

}  // namespace

TEST_CASE("numbered by owner, population and digest, whatever order they were named in") {
  std::vector<Stub> files{{{"b", "staff"}, 1, 2, "p"},
                          {{"b", "pupils"}, 9, 3, "q"},
                          {{"a", "staff"}, 7, 0, "r"},
                          {{"b", "pupils"}, 4, 1, "s"}};
  const auto numbers = encoded::RecordNumbers::of(files);
  REQUIRE(numbers);
  std::string order;
  for (const Stub& f : files) order += f.at;
  CHECK(order == "rsqp");
  CHECK(numbers->first() == std::vector<std::uint32_t>{0, 0, 1, 4, 6});
  CHECK(numbers->records() == 6);
  CHECK(numbers->files() == std::vector<std::uint32_t>{1, 2, 2, 2, 3, 3});
  for (std::uint32_t r = 0; r < 6; ++r) CHECK(numbers->file_of(r) == numbers->files()[r]);
}

TEST_CASE("a copy and too many records are refused by name") {
  std::vector<Stub> copies{{{"a", "staff"}, 1, 1, "one"}, {{"a", "staff"}, 1, 1, "two"}};
  const auto copy = encoded::RecordNumbers::of(copies);
  REQUIRE(!copy);
  CHECK(copy.error().code == ErrorCode::usage);
  std::vector<Stub> many{{{"a", "x"}, 1, UINT32_MAX / 2, "one"}, {{"a", "y"}, 2, 1, "two"}};
  const auto limit = encoded::RecordNumbers::of(many);
  REQUIRE(!limit);
  CHECK(limit.error().code == ErrorCode::limit);
}

TEST_CASE("one file under two names is opened once only, and what fails to open is told") {
  std::string folder = (std::filesystem::temp_directory_path() / "tessera-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string a = folder + "/a";
  const std::string b = folder + "/b";
  const std::string none = folder + "/none";
  const auto open = [](const std::string& path) -> Result<std::string> {
    if (!file_identity(path)) return Error{ErrorCode::io, "cannot open", path};
    return path;
  };
  REQUIRE(write_file(a, "x", {}));
  REQUIRE(write_file(b, "x", {}));
  using Paths = std::vector<std::string>;
  const auto both = encoded::open_each<std::string>(Paths{b, a}, open);
  REQUIRE(both);
  CHECK(*both == Paths{b, a});
  const auto twice = encoded::open_each<std::string>(Paths{a, folder + "/./a"}, open);
  REQUIRE(!twice);
  CHECK(twice.error().code == ErrorCode::usage);
  const auto missing = encoded::open_each<std::string>(Paths{none, none}, open);
  REQUIRE(!missing);
  CHECK(missing.error().code == ErrorCode::io);
  std::filesystem::remove_all(folder);
}
