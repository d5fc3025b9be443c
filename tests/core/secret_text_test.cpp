// Secret text holds what was put in, and leaves nothing behind.
#include "engine/core/secret_text.h"

#include <fstream>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "tests/ledger/scratch.h"

using namespace tessera;

TEST_CASE("text grows, moves and keeps what it holds") {
  SecretText a("one");
  for (int i = 0; i < 100; ++i) a.append(" and more");
  CHECK(a.reveal().size() == 903);
  const std::string_view before = a.reveal();
  const SecretText b = std::move(a);
  CHECK(b.reveal().data() == before.data());  // no second copy was made
  CHECK(a.empty());                           // NOLINT(bugprone-use-after-move): that is the test
  SecretText c("other");
  c = SecretText("new");
  CHECK(c.reveal() == "new");
}

TEST_CASE("a secret is read whole, and no more than allowed") {
  const test::Scratch folder;
  std::ofstream(folder / "s") << "0123456789";
  CHECK(read_secret(folder / "s")->reveal() == "0123456789");
  CHECK(read_secret(folder / "s", 10)->reveal() == "0123456789");
  CHECK(read_secret(folder / "s", 9).error().code == ErrorCode::limit);
  CHECK(read_secret(folder / "none").error().code == ErrorCode::io);
  CHECK(read_secret(folder / "").error().code == ErrorCode::io);
  std::ofstream(folder / "empty");
  CHECK(read_secret(folder / "empty")->empty());
}
