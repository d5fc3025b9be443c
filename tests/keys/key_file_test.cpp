#include "engine/keys/key_file.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include <doctest/doctest.h>

#include "engine/keys/hmac.h"
#include "tests/ledger/scratch.h"

using namespace tessera;
using keys::ProjectKey;

namespace {

constexpr std::string_view kFirstLine = "tessera-project-key 1 trial\n";

void put(const std::string& path, std::string_view text) {
  std::ofstream(path) << text;
  ::chmod(path.c_str(), 0600);
}

std::string text_of(const std::string& path) {
  auto text = read_file(path);
  REQUIRE(text);
  return *text;
}

bool same(const ProjectKey& a, const ProjectKey& b) {
  return a.name == b.name && equal_constant_time(a.project.reveal(), b.project.reveal()) &&
         equal_constant_time(a.offline.reveal(), b.offline.reveal());
}

}  // namespace

TEST_CASE("a key file gives back the key that was written, and only its owner may read it") {
  const test::Scratch folder;
  const std::string path = folder / "a.key";
  const auto random = system_random();
  const ProjectKey key = keys::new_project_key("state pilot", *random);
  REQUIRE(keys::write_key(path, key, {}));
  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const auto again = keys::read_key(path);
  REQUIRE(again);
  CHECK(same(*again, key));
  CHECK(keys::key_check(*again) == keys::key_check(key));
}

TEST_CASE("a key file is not overwritten unless asked") {
  const test::Scratch folder;
  const std::string path = folder / "a.key";
  const auto random = system_random();
  const ProjectKey first = keys::new_project_key("one", *random);
  const ProjectKey second = keys::new_project_key("two", *random);
  REQUIRE(keys::write_key(path, first, {}));
  CHECK(!keys::write_key(path, second, {}));
  CHECK(same(*keys::read_key(path), first));
  REQUIRE(keys::write_key(path, second, {.force = true}));
  CHECK(same(*keys::read_key(path), second));
}

TEST_CASE("two new keys share nothing") {
  const auto random = system_random();
  const ProjectKey a = keys::new_project_key("p", *random);
  const ProjectKey b = keys::new_project_key("p", *random);
  CHECK(!equal_constant_time(a.project.reveal(), b.project.reveal()));
  CHECK(!equal_constant_time(a.offline.reveal(), b.offline.reveal()));
  CHECK(!equal_constant_time(a.project.reveal(), a.offline.reveal()));
  CHECK(keys::key_check(a) != keys::key_check(b));
}

TEST_CASE("the key check depends on the project key alone") {
  const auto random = system_random();
  ProjectKey a = keys::new_project_key("p", *random);
  const auto before = keys::key_check(a);
  a.name = "q";
  random->fill(a.offline.fill());
  CHECK(keys::key_check(a) == before);
  a.project.fill()[31] ^= 1;
  CHECK(keys::key_check(a) != before);
}

TEST_CASE("a key file that others may read is refused") {
  const test::Scratch folder;
  const std::string path = folder / "a.key";
  const auto random = system_random();
  REQUIRE(keys::write_key(path, keys::new_project_key("p", *random), {}));
  for (const mode_t mode : {0640U, 0604U, 0620U, 0644U}) {
    ::chmod(path.c_str(), mode);
    CHECK(!keys::read_key(path));
  }
  ::chmod(path.c_str(), 0400);
  CHECK(keys::read_key(path));
}

TEST_CASE("a key file cut at any byte is refused, unless only its last line is gone") {
  const auto random = system_random();
  const ProjectKey key = keys::new_project_key("p", *random);
  const SecretText text = to_text(key);
  for (std::size_t size = 0; size < text.reveal().size(); ++size) {
    CAPTURE(size);
    const auto cut = keys::project_key_from_text(text.reveal().substr(0, size), "cut.key");
    if (size == text.reveal().find("whole: ")) {  // as files were before there was one
      REQUIRE(cut);
      CHECK(same(*cut, key));
    } else {
      REQUIRE(!cut);
      CHECK(cut.error().code == ErrorCode::crypto);
    }
  }
}

TEST_CASE("no bit of a key file can change unnoticed") {
  const auto random = system_random();
  for (const ProjectKey& key : {keys::new_project_key("p", *random),
                                keys::new_service_project_key("p", "2025-2029", *random)}) {
    const SecretText text = to_text(key);
    for (std::size_t bit = 0; bit < 8 * text.reveal().size(); ++bit) {
      CAPTURE(bit);
      std::string bent(text.reveal());
      bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
      CHECK(!keys::project_key_from_text(bent, "bent.key"));
    }
  }
}

TEST_CASE("other damage of a key file is refused") {
  const test::Scratch folder;
  const auto random = system_random();
  REQUIRE(keys::write_key(folder / "whole.key", keys::new_project_key("p", *random), {}));
  const std::string text = text_of(folder / "whole.key");
  auto with = [&](std::string_view from, std::string_view to) {
    std::string out = text;
    return out.replace(out.find(from), from.size(), to);
  };
  const std::string bad[] = {with("key 1", "key 2"),
                             with("trial", "secret"),
                             with("name: ", "nom: "),
                             with("project: ", "project:"),
                             with("offline: ", "offline: A"),
                             text + "\n",
                             text + "more: 1\n",
                             "\n" + text,
                             "garbage"};
  for (const std::string& b : bad) {
    put(folder / "bad.key", b);
    CHECK(!keys::read_key(folder / "bad.key"));
  }
  CHECK(keys::read_key(folder / "none.key").error().code == ErrorCode::io);
}

TEST_CASE("no error quotes a key file") {
  const test::Scratch folder;
  const std::string marker = "Zq7MARKERx9";
  const std::string path = folder / "bad.key";
  const std::string zeros(43, 'A');
  for (const std::string& text :
       {marker, std::string(kFirstLine) + "name: " + marker,
        std::string(kFirstLine) + marker + ": x\n",
        std::string(kFirstLine) + "name: n\ncheck: " + marker + "\nproject: " + zeros +
            "=\noffline: " + zeros + "=\n",
        std::string(kFirstLine) + "name: n\ncheck: 00\nproject: " + marker + "\noffline: " + zeros +
            "=\n",
        std::string(kFirstLine) + "name: n\ncheck: 00\nproject: " + zeros +
            "=\noffline: " + marker + "\n"}) {
    put(path, text);
    const auto key = keys::read_key(path);
    REQUIRE(!key);
    CHECK(key.error().what.find(marker) == std::string::npos);
    CHECK(key.error().where == path);
  }
}
