#include "engine/disclosure/artefact.h"

#include "tests/disclosure/desk.h"

using namespace tessera;
using namespace tessera::disclosure;

namespace {

ArtefactKey key_of(std::uint8_t byte) {
  ArtefactKey key;
  std::fill(key.fill().begin(), key.fill().end(), byte);
  return key;
}

const std::string kName = "00112233445566778899aabbccddeeff";

}  // namespace

TEST_CASE("what is sealed opens with its key, at every size around a piece's") {
  for (const std::size_t size : {0U, 1U, 65535U, 65536U, 65537U, 200000U}) {
    std::string content(size, 'x');
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>('a' + i % 23);
    const Bytes file = seal_artefact(kName, key_of(1), content);
    CHECK(*artefact_name(file, "f") == kName);
    const Result<std::string> open = open_artefact(file, key_of(1), "f");
    REQUIRE(open.has_value());
    CHECK(*open == content);
    CHECK(!open_artefact(file, key_of(2), "f").has_value());
  }
}

TEST_CASE("any changed bit, any cut, any piece too many is found") {
  const Bytes file = seal_artefact(kName, key_of(1), std::string(70'000, 'q'));
  for (std::size_t at = 8; at < file.size(); at += 997) {
    Bytes bad = file;
    bad[at] ^= 1;
    CHECK(!open_artefact(bad, key_of(1), "f").has_value());
  }
  for (const std::size_t size : {0UL, 7UL, 40UL, 60UL, 65600UL, file.size() - 1})
    CHECK(!open_artefact(ByteView(file).first(size), key_of(1), "f").has_value());
  // Cut between the pieces: the first is whole, but not marked last.
  CHECK(!open_artefact(ByteView(file).first(8 + 16 + 24 + 65536 + 17), key_of(1), "f").has_value());
  Bytes longer = file;
  longer.resize(longer.size() + 20);
  CHECK(!open_artefact(longer, key_of(1), "f").has_value());
}

TEST_CASE("R74: revoked in one step, for every copy, and the key is gone from the files") {
  const Desk desk;
  std::string key_bytes;
  Made made;
  {
    Book book = desk.open();
    made = desk.made(book, desk.agreed(book), Desk::table(2));
    CHECK(fetch(book, made.file, "copy", desk.today("r.lee")).has_value());
    ledger::Statement key = *book.database().prepare("SELECT key FROM artefact");
    REQUIRE(*key.step());
    key_bytes = as_text(key.blob(0));
    key.reset();
    CHECK(bytes_hold(desk, key_bytes));
    REQUIRE(revoke(book, made.name, desk.today()).has_value());
    CHECK(!revoke(book, made.name, desk.today()).has_value());
    const Result<std::string> refused = fetch(book, made.file, "copy", desk.today("r.lee"));
    REQUIRE(!refused.has_value());
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(artefacts(book, day("2026-11-21"))->front().state == "revoked");
  }
  CHECK(!bytes_hold(desk, key_bytes));
}

TEST_CASE("only the agreement's people open it, until its day, and each time counts") {
  const Desk desk;
  Book book = desk.open();
  const Made made = desk.made(book, desk.agreed(book), Desk::table(2));
  CHECK(!fetch(book, made.file, "f", desk.today("m.ames")).has_value());
  CHECK(!fetch(book, made.file, "f", {"r.lee", day("2027-07-01")}).has_value());
  CHECK(fetch(book, made.file, "f", {"r.lee", day("2027-06-30")}).has_value());
  CHECK(fetch(book, made.file, "f", desk.today("r.lee")).has_value());
  CHECK(artefacts(book, day("2026-11-21"))->front().downloads == 2);
  CHECK(artefacts(book, day("2027-07-01"))->front().state == "expired");
  Bytes other = made.file;
  other[9] ^= 1;
  CHECK(!fetch(book, other, "f", desk.today("r.lee")).has_value());
}
