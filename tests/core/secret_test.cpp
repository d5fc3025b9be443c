// Secrets wipe themselves; comparison looks at every byte.
#include "engine/core/secret.h"

#include <algorithm>
#include <memory>
#include <new>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include <doctest/doctest.h>

using namespace tessera;

namespace {

using Key = Secret<32>;

Key key_of(std::uint8_t start) {
  std::array<std::uint8_t, 32> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(start + i);
  return Key(std::span<const std::uint8_t, 32>(bytes));
}

bool is_zero(ByteView bytes) {
  return std::ranges::all_of(bytes, [](std::uint8_t b) { return b == 0; });
}

}  // namespace

TEST_CASE("a moved-from secret is wiped, a clone is not") {
  Key a = key_of(1);
  const Key copy = a.clone();
  const Key b = std::move(a);
  CHECK(is_zero(a.reveal()));  // NOLINT(bugprone-use-after-move): that is the test
  CHECK(equal_constant_time(b.reveal(), copy.reveal()));
  Key c = key_of(9);
  Key d;
  d = std::move(c);
  CHECK(is_zero(c.reveal()));  // NOLINT(bugprone-use-after-move)
  CHECK(d.reveal()[0] == 9);
  Key& self = d;
  d = std::move(self);
  CHECK(d.reveal()[0] == 9);
}

TEST_CASE("a destroyed secret leaves zeros") {
  alignas(Key) std::array<std::uint8_t, sizeof(Key)> memory{};
  Key* key = new (memory.data()) Key(key_of(5));
  CHECK(!is_zero(memory));
  key->~Key();
  CHECK(is_zero(memory));
}

TEST_CASE("wiping and comparing") {
  std::array<std::uint8_t, 5> bytes{1, 2, 3, 4, 5};
  wipe(bytes);
  CHECK(is_zero(bytes));
  wipe({});
  const Key a = key_of(0);
  for (std::size_t i = 0; i < 32; ++i) {
    Key b = a.clone();
    b.fill()[i] = static_cast<std::uint8_t>(b.fill()[i] ^ 0x10);
    CHECK(!equal_constant_time(a.reveal(), b.reveal()));
  }
  CHECK(equal_constant_time({}, {}));
  CHECK(!equal_constant_time(a.reveal(), a.reveal().first(31)));
}

TEST_CASE("a process that forbids core dumps leaves none, and others may not read it") {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    rlimit most{1 << 20, 1 << 20};
    ::setrlimit(RLIMIT_CORE, &most);  // as a machine might have it
    forbid_core_dumps();
    rlimit now{1, 1};
    ::getrlimit(RLIMIT_CORE, &now);
    const bool forbidden = now.rlim_cur == 0 && now.rlim_max == 0 && ::prctl(PR_GET_DUMPABLE) == 0;
    ::_exit(forbidden ? 0 : 1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}
