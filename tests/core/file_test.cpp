// Files appear whole or not at all: full disks, names that appear meanwhile, folders in the way.
#include "engine/core/file.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace tessera;

namespace {

namespace fs = std::filesystem;

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "tessera-XXXXXX").string();
    path = mkdtemp(name.data());
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { fs::remove_all(path); }
  std::string file(const char* name) const { return (path / name).string(); }
  auto count() const {
    return std::distance(fs::directory_iterator(path), fs::directory_iterator());
  }
};

void put(const std::string& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}
std::string get(const std::string& path) {
  const auto text = read_file(path);
  REQUIRE(text);
  return *text;
}
unsigned mode_of(const std::string& path) {
  struct stat st {};
  REQUIRE(stat(path.c_str(), &st) == 0);
  return st.st_mode & 0777;
}

// No file of this process may grow beyond `bytes` while this lives: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &now);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, SIG_DFL);
  }

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("a file written is a file read, and nothing is left beside it") {
  const Folder folder;
  for (const std::size_t size : {0, 1, 4096, (1 << 20) + 3}) {
    const std::string path = folder.file(std::to_string(size).c_str());
    const std::string text(size, 'x');
    REQUIRE(write_file(path, text, {}));
    CHECK(get(path) == text);
    const auto mapped = MappedFile::open(path);
    REQUIRE(mapped);
    CHECK(as_text(mapped->view()) == text);
    mapped->release(0, size);
    CHECK(as_text(mapped->view()) == text);
  }
  CHECK(folder.count() == 4);
}

TEST_CASE("an existing file is replaced only with force") {
  for (const bool nameless : {true, false}) {
    const Folder folder;
    const std::string path = folder.file("out");
    put(path, "old");
    const auto refused = write_file(path, "new", {.nameless = nameless});
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::usage);
    CHECK(get(path) == "old");
    REQUIRE(write_file(path, "new", {.force = true, .nameless = nameless}));
    CHECK(get(path) == "new");
    CHECK(folder.count() == 1);
  }
}

TEST_CASE("a name that appears while we write is not overwritten") {
  for (const bool nameless : {true, false}) {
    const Folder folder;
    const std::string path = folder.file("out");
    {
      auto file = AtomicFile::create(path, {.nameless = nameless});
      REQUIRE(file);
      file->write("ours");
      put(path, "theirs");
      const auto done = file->commit();
      REQUIRE(!done);
      CHECK(done.error().code == ErrorCode::usage);
    }
    CHECK(get(path) == "theirs");
    CHECK(folder.count() == 1);
  }
}

TEST_CASE("a program killed while it writes leaves nothing") {
  const Folder folder;
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    auto file = AtomicFile::create(folder.file("out"), {});
    if (file) file->write(std::string(3 << 20, 'x'));
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
  CHECK(folder.count() == 0);
}

TEST_CASE("a writer that never commits leaves nothing") {
  for (const bool nameless : {true, false}) {
    const Folder folder;
    {
      auto file = AtomicFile::create(folder.file("out"), {.nameless = nameless});
      REQUIRE(file);
      file->write(std::string(3 << 20, 'x'));
      CHECK(folder.count() == (nameless ? 0 : 1));
      auto moved = std::move(*file);
      moved.write("y");
      CHECK(moved.size() == (3 << 20) + 1);
    }
    CHECK(folder.count() == 0);
  }
}

TEST_CASE("what goes before the name sees the file without one, and its error leaves none") {
  const Folder folder;
  const std::string path = folder.file("before");
  for (const bool nameless : {true, false}) {
    bool seen = false;
    const auto refuse = [&]() -> Result<void> {
      seen = !file_exists(path);
      return Error{ErrorCode::io, "not now", ""};
    };
    AtomicFile file = *AtomicFile::create(path, {.nameless = nameless, .before_name = refuse});
    file.write("text");
    CHECK_FALSE(file.commit());
    CHECK(seen);
  }
  CHECK(folder.count() == 0);
}

TEST_CASE("bytes may be overwritten before the commit") {
  const Folder folder;
  auto file = AtomicFile::create(folder.file("out"), {});
  REQUIRE(file);
  file->write("xxxx-body");
  file->write_at(0, as_bytes("head"));
  file->write("-end");
  CHECK(file->size() == 13);
  REQUIRE(file->commit());
  CHECK(get(folder.file("out")) == "head-body-end");
}

TEST_CASE("a full disk is an error and leaves nothing, at every length") {
  const Folder folder;
  const std::string text(3 << 20, 'x');  // more than the stream's buffer
  for (const rlim_t bytes : {0, 1, 4095, 4096, 1 << 20, (3 << 20) - 1}) {
    const FullDisk full(bytes);
    const auto done = write_file(folder.file("out"), text, {});
    REQUIRE(!done);
    CHECK(done.error().code == ErrorCode::io);
    CHECK(done.error().where == folder.file("out"));
  }
  CHECK(folder.count() == 0);
  put(folder.file("out"), "old");
  {
    const FullDisk full(100);
    CHECK(!write_file(folder.file("out"), text, {.force = true}));
  }
  CHECK(get(folder.file("out")) == "old");
  CHECK(folder.count() == 1);
}

TEST_CASE("standard output that takes nothing is an error") {
  std::fflush(stdout);
  const int kept = dup(STDOUT_FILENO);
  const int full = open("/dev/full", O_WRONLY);
  REQUIRE(full >= 0);
  dup2(full, STDOUT_FILENO);
  bool failed = false;
  {
    auto file = AtomicFile::create("-", {});
    if (file) {
      file->write("text");
      failed = !file->commit();
    }
  }
  std::clearerr(stdout);
  dup2(kept, STDOUT_FILENO);
  close(kept);
  close(full);
  CHECK(failed);
}

TEST_CASE("a path that cannot be written says so") {
  const Folder folder;
  CHECK(!write_file(folder.file("no/such/folder"), "x", {}));
  fs::create_directory(folder.file("folder"));
  CHECK(!write_file(folder.file("folder"), "x", {}));
  CHECK(!write_file(folder.file("folder"), "x", {.force = true}));
  CHECK(folder.count() == 1);
}

TEST_CASE("the mode asked for, less what the user's mask takes") {
  const Folder folder;
  const mode_t before = umask(022);
  REQUIRE(write_file(folder.file("private"), "x", {.force = false, .mode = 0600}));
  REQUIRE(write_file(folder.file("public"), "x", {}));
  umask(077);
  REQUIRE(write_file(folder.file("masked"), "x", {}));
  umask(before);
  CHECK(mode_of(folder.file("private")) == 0600);
  CHECK(mode_of(folder.file("public")) == 0644);
  CHECK(mode_of(folder.file("masked")) == 0600);
}

TEST_CASE("reading: what is not there, too long, or no file") {
  const Folder folder;
  put(folder.file("in"), "12345");
  CHECK(read_file(folder.file("in"), 5));
  const auto longer = read_file(folder.file("in"), 4);
  REQUIRE(!longer);
  CHECK(longer.error().code == ErrorCode::limit);
  const auto missing = read_file(folder.file("out"));
  REQUIRE(!missing);
  CHECK(missing.error().code == ErrorCode::io);
  CHECK(missing.error().where == folder.file("out"));
  CHECK(!read_file(folder.path.string()));
  CHECK(!MappedFile::open(folder.path.string()));
  CHECK(!MappedFile::open(folder.file("out")));
  CHECK(!MappedFile::open("/dev/null"));
}

TEST_CASE("reading a pipe by its descriptor") {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  REQUIRE(write(ends[1], "key", 3) == 3);
  close(ends[1]);
  const auto text = read_file("/dev/fd/" + std::to_string(ends[0]));
  close(ends[0]);
  REQUIRE(text);
  CHECK(*text == "key");
}

TEST_CASE("the same file by other names") {
  const Folder folder;
  put(folder.file("a"), "x");
  put(folder.file("b"), "x");
  fs::create_hard_link(folder.file("a"), folder.file("hard"));
  fs::create_symlink("a", folder.file("soft"));
  CHECK(same_file(folder.file("a"), folder.file("hard")));
  CHECK(same_file(folder.file("a"), folder.file("soft")));
  CHECK(same_file(folder.file("a"),
                  folder.file(("../" + folder.path.filename().string() + "/a").c_str())));
  CHECK(!same_file(folder.file("a"), folder.file("b")));
  CHECK(!same_file(folder.file("a"), folder.file("none")));
  CHECK(!same_file(folder.file("none"), folder.file("none")));
  CHECK(file_exists(folder.file("soft")));
  fs::create_symlink("nowhere", folder.file("dangling"));
  CHECK(file_exists(folder.file("dangling")));  // writing there would follow it: it is in the way
  CHECK(!file_exists(folder.file("none")));
}

TEST_CASE("a key file that others may read is refused") {
  const Folder folder;
  put(folder.file("key"), "x");
  for (const mode_t mode : {0600, 0400, 0700}) {
    chmod(folder.file("key").c_str(), mode);
    CHECK(require_private(folder.file("key")));
  }
  for (const mode_t mode : {0640, 0604, 0610, 0644, 0602}) {
    chmod(folder.file("key").c_str(), mode);
    const auto refused = require_private(folder.file("key"));
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::crypto);
  }
  CHECK(!require_private(folder.file("none")));
}
