#include "engine/oprf/identity.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <doctest/doctest.h>

#include "tests/keyserver/offices.h"

using namespace tessera;
using namespace tessera::oprf;
using keyserver::Folder;

namespace {

std::string text_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("an identity comes back from its file; its public half is what others verify with") {
  const Folder folder;
  const auto random = system_random();
  const Identity id = new_identity("north", *random);
  REQUIRE(write_identity(folder / "key", id, {}));
  REQUIRE(write_file(folder / "pub", public_text(id.open), {}));
  const auto back = read_identity(folder / "key");
  REQUIRE(back);
  CHECK(equal_constant_time(back->records.reveal(), id.records.reveal()));
  const auto open = read_public_identity(folder / "pub");
  REQUIRE(open);
  CHECK(open->name == "north");
  const Bytes message{1, 2, 3};
  const auto signature = sign(*back, "context", message);
  CHECK(verify_signature(open->key, "context", message, signature));
  CHECK_FALSE(verify_signature(open->key, "contex", Bytes{'t', 1, 2, 3}, signature));
  CHECK_FALSE(
      verify_signature(new_identity("north", *random).open.key, "context", message, signature));
}

TEST_CASE("open to others, cut short or changed: refused") {
  const Folder folder;
  const auto random = system_random();
  REQUIRE(write_identity(folder / "key", new_identity("north", *random), {}));
  const std::string text = text_of(folder / "key");
  const auto refused = [&](const std::string& changed) {
    REQUIRE(write_file(folder / "changed", changed, {.force = true, .mode = 0600}));
    return !read_identity(folder / "changed");
  };
  CHECK_FALSE(refused(text));
  CHECK(refused(text.substr(0, text.size() - 5)));
  CHECK(refused(text + "more\n"));
  std::string other = text;
  const auto at = other.find("public: ") + 8;
  other[at] = other[at] == 'A' ? 'B' : 'A';
  CHECK(refused(other));
  CHECK_FALSE(read_public_identity(folder / "key"));
  std::filesystem::permissions(folder / "key", std::filesystem::perms::others_read,
                               std::filesystem::perm_options::add);
  CHECK_FALSE(read_identity(folder / "key"));
}
