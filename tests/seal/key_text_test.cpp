// Key files come back as they were written, and no other text is a key.
#include "engine/seal/key_text.h"

#include <doctest/doctest.h>

namespace key_text_test {

using namespace tessera;
using namespace tessera::seal;

namespace {

KeyPair pair_of(Use use, const char* name = "north") {
  const auto random = system_random();
  return new_key_pair(use, name, *random);
}

std::string with(std::string text, std::string_view from, std::string_view to) {
  return text.replace(text.find(from), from.size(), to);
}

}  // namespace

TEST_CASE("a pair comes back, and a cut, longer or mixed text does not") {
  for (const Use use : {Use::owner, Use::unit, Use::entries, Use::join}) {
    const KeyPair pair = pair_of(use);
    const SecretText text = to_text(pair);
    const auto again = pair_from_text(text.reveal(), "f");
    REQUIRE(again);
    CHECK(again->open == pair.open);
    CHECK(equal_constant_time(again->secret.reveal(), pair.secret.reveal()));
    CHECK(equal_constant_time(again->records.reveal(), pair.records.reveal()));
    // Files of before the last line are keys too: without it, this is the same key.
    const std::size_t before_check = text.reveal().find("whole: ");
    for (std::size_t n = 0; n < text.reveal().size(); ++n)
      CHECK(pair_from_text(text.reveal().substr(0, n), "f").has_value() == (n == before_check));
    CHECK(!pair_from_text(std::string(text.reveal()) + "\n", "f"));
    CHECK(!public_from_text(text.reveal(), "f"));
  }
  const SecretText a = to_text(pair_of(Use::unit));
  const SecretText b = to_text(pair_of(Use::unit));
  const std::string mixed = std::string(a.reveal().substr(0, a.reveal().find("secret"))) +
                            std::string(b.reveal().substr(b.reveal().find("secret")));
  CHECK(pair_from_text(mixed, "f").error().what.find("damaged") != std::string::npos);
  CHECK(!pair_from_text(with(std::string(a.reveal()), "1 unit", "1 project"), "f"));
  CHECK(!pair_from_text(with(std::string(a.reveal()), "name: north", "name: no rth"), "f"));
}

TEST_CASE("no bit of a pair can change unnoticed, its name and its records' secret neither") {
  const SecretText text = to_text(pair_of(Use::owner));
  for (std::size_t bit = 0; bit < 8 * text.reveal().size(); ++bit) {
    CAPTURE(bit);
    std::string bent(text.reveal());
    bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
    CHECK(!pair_from_text(bent, "f"));
  }
}

TEST_CASE("a public key comes back, and one that no secret has does not") {
  const KeyPair pair = pair_of(Use::owner);
  const std::string text = public_text(pair, nullptr);
  const auto file = public_from_text(text, "f");
  REQUIRE(file);
  CHECK(file->key == pair.open);
  CHECK(!file->before);
  CHECK(text.find(to_base64(pair.secret.reveal())) == std::string::npos);
  KeyPair empty = pair_of(Use::entries);
  empty.open.bytes = {};
  CHECK(!public_from_text(public_text(empty, nullptr), "f"));
  empty.open.use = Use::owner;
  CHECK(!public_from_text(public_text(empty, nullptr), "f"));
}

TEST_CASE("a key that follows another carries its signature") {
  const KeyPair old = pair_of(Use::owner);
  const KeyPair next = pair_of(Use::owner);
  const KeyPair thief = pair_of(Use::owner);
  const std::string text = public_text(next, &old);
  const auto file = public_from_text(text, "f");
  REQUIRE(file);
  CHECK(*file->before == old.open.bytes);
  CHECK(
      !public_from_text(with(text, to_base64(next.open.bytes), to_base64(thief.open.bytes)), "f"));
  CHECK(!public_from_text(with(text, to_base64(old.open.bytes), to_base64(thief.open.bytes)), "f"));
  CHECK(!public_from_text(with(text, "name: north", "name: south"), "f"));
  CHECK(!public_from_text(text.substr(0, text.find("signature")), "f"));
}

TEST_CASE("a revocation is the key's own word") {
  const KeyPair pair = pair_of(Use::owner);
  const KeyPair thief = pair_of(Use::owner);
  const std::string text = revocation_text(pair, "2026-05-01");
  const auto r = revocation_from_text(text, "f");
  REQUIRE(r);
  CHECK(r->key == pair.open);
  CHECK(r->day == "2026-05-01");
  CHECK(!revocation_from_text(with(text, "2026-05-01", "2026-05-02"), "f"));
  CHECK(!revocation_from_text(with(text, "2026-05-01", "2026-05-32"), "f"));
  CHECK(!revocation_from_text(with(text, to_base64(pair.open.bytes), to_base64(thief.open.bytes)),
                              "f"));
  CHECK(!revocation_from_text(with(text, "1 owner", "1 entries"), "f"));
}

TEST_CASE("names are those of organisations") {
  CHECK(is_name("North-District_7.a"));
  CHECK(!is_name(""));
  CHECK(!is_name("two words"));
  CHECK(!is_name("a/b"));
  CHECK(is_name(std::string(64, 'a')));
  CHECK(!is_name(std::string(65, 'a')));
}

}  // namespace key_text_test
