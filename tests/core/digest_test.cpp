// SHA-256 by published vectors, XXH3 by its own; fed in pieces or at once, the same.
#include "engine/core/digest.h"

#include <string>

#include <doctest/doctest.h>

using namespace tessera;

TEST_CASE("SHA-256: FIPS 180-4 examples") {
  auto hex = [](std::string_view text) { return to_hex(sha256(as_bytes(text))); };
  CHECK(hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(hex(std::string(1000000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("XXH3 of nothing, as its authors publish it") {
  CHECK(to_hex(checksum({})) == "99aa06d3014798d86001c324468d497f");
  CHECK(hash64({}) == 0x2d06800538d394c2ULL);
}

TEST_CASE("pieces of any size give what one call gives") {
  Bytes bytes(3000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * i >> 3);
  for (const std::size_t size : {0, 1, 16, 17, 128, 129, 240, 241, 255, 256, 257, 1023, 1025, 3000})
    for (const std::size_t piece : {1, 7, 64, 256, 1000}) {
      const ByteView all = ByteView(bytes).first(size);
      Sha256Stream slow;
      ChecksumStream quick;
      for (std::size_t at = 0; at < size; at += piece) {
        const ByteView part = all.subspan(at, std::min(piece, size - at));
        slow.update(part);
        quick.update(part);
      }
      CHECK(slow.finish() == sha256(all));
      CHECK(quick.finish() == checksum(all));
    }
}

TEST_CASE("sized fields cannot run together") {
  Sha256Stream a;
  a.update_sized(as_bytes("ab"));
  a.update_sized(as_bytes("c"));
  Sha256Stream b;
  b.update_sized(as_bytes("a"));
  b.update_sized(as_bytes("bc"));
  CHECK(a.finish() != b.finish());
  Sha256Stream c;
  c.update_sized(as_bytes("ab"));
  const std::string plain("\2\0\0\0\0\0\0\0ab", 10);
  CHECK(c.finish() == sha256(as_bytes(plain)));
}
