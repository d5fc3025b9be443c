// A locked key file opens with its passphrase, and says nothing without it.
#include "engine/seal/locked.h"

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

#include <doctest/doctest.h>
#include <sodium.h>

#include "tests/ledger/scratch.h"

namespace locked_test {

using namespace tessera;
using namespace tessera::seal;

namespace {

constexpr LockCost kCheap{.n = 16, .r = 1, .p = 1};

std::string locked_text(std::string_view text = "a key\n", std::string_view words = "open sesame") {
  const auto random = system_random();
  return lock(SecretText(text), SecretText(words), *random, kCheap);
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("libsodium's scrypt gives the second vector of RFC 7914, 12") {
  Bytes out(64);
  REQUIRE(crypto_pwhash_scryptsalsa208sha256_ll(as_bytes("password").data(), 8,
                                                as_bytes("NaCl").data(), 4, 1024, 8, 16, out.data(),
                                                out.size()) == 0);
  CHECK(
      to_hex(out).starts_with("fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"));
}

TEST_CASE("the passphrase opens it; another, or a changed file, does not") {
  const std::string text = locked_text();
  CHECK(is_locked(text));
  CHECK(text.find("a key") == std::string::npos);
  CHECK(unlock(text, SecretText("open sesame"))->reveal() == "a key\n");
  CHECK(unlock(text, SecretText("open sesam")).error().code == ErrorCode::crypto);
  CHECK(!unlock(text, SecretText("")));
  for (const char* line : {"salt: ", "nonce: ", "text: "}) {
    std::string bent = text;
    char& c = bent[bent.find(line) + std::string_view(line).size() + 2];
    c = c == 'A' ? 'B' : 'A';
    CHECK(!unlock(bent, SecretText("open sesame")));
  }
  for (std::size_t size = 0; size < text.size(); ++size)
    CHECK(!unlock(std::string_view(text).substr(0, size), SecretText("open sesame")));
  CHECK(!unlock(text + "\n", SecretText("open sesame")));
}

TEST_CASE("a cost that would eat the machine, or is none, is refused at once") {
  const std::string text = locked_text();
  for (const char* kdf : {"scrypt 1099511627776 8 1", "scrypt 17 1 1", "scrypt 16 0 1",
                          "scrypt 16 1 0", "scrypt 16 1 1 1", "scrypt 16 1", "bcrypt 16 1 1",
                          "scrypt 0 1 1", "scrypt 8388608 8 1", "scrypt -16 1 1"}) {
    const auto opened = unlock(with(text, "scrypt 16 1 1", kdf), SecretText("open sesame"));
    REQUIRE(!opened);
    CHECK(opened.error().what.find("kdf") != std::string::npos);
  }
}

TEST_CASE("two lockings of one text share no salt, nonce or bytes") {
  CHECK(locked_text() != locked_text());
}

TEST_CASE("a private file is read, unlocked on the way if it must be, and no other is") {
  const test::Scratch folder;
  const auto put = [&](const char* name, const std::string& text, mode_t mode) {
    std::ofstream(folder / name) << text;
    ::chmod((folder / name).c_str(), mode);
    return folder / name;
  };
  int asked = 0;
  const AskPassphrase ask = [&](const std::string&) -> Result<SecretText> {
    ++asked;
    return SecretText("open sesame");
  };
  CHECK(read_private(put("plain", "text", 0600), ask)->reveal() == "text");
  CHECK(asked == 0);
  CHECK(read_private(put("locked", locked_text(), 0600), ask)->reveal() == "a key\n");
  CHECK(asked == 1);
  CHECK(read_private(folder / "locked", {}).error().code == ErrorCode::crypto);
  CHECK(!read_private(put("open", "text", 0640), ask));
  CHECK(read_private(folder / "none", ask).error().code == ErrorCode::io);
}

}  // namespace locked_test
