// Hexadecimal and base64 against plain loops over bits, and every short text.
#include "engine/core/bytes.h"

#include <string>

#include <doctest/doctest.h>

using namespace tessera;

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Bit by bit, with no group of three in sight.
std::string plain_base64(ByteView bytes) {
  std::string out;
  for (std::size_t bit = 0; bit < bytes.size() * 8; bit += 6) {
    std::size_t value = 0;
    for (std::size_t b = bit; b < bit + 6; ++b) {
      const bool set = b / 8 < bytes.size() && ((bytes[b / 8] >> (7 - b % 8)) & 1) != 0;
      value = value * 2 + (set ? 1 : 0);
    }
    out.push_back(kAlphabet[value]);
  }
  while (out.size() % 4 != 0) out.push_back('=');
  return out;
}

// All byte strings over `alphabet` up to `longest` bytes.
template <class Do>
void each_text(std::string_view alphabet, std::size_t longest, const Do& act) {
  std::string text;
  auto grow = [&](auto&& self) -> void {
    act(text);
    if (text.size() == longest) return;
    for (const char c : alphabet) {
      text.push_back(c);
      self(self);
      text.pop_back();
    }
  };
  grow(grow);
}

}  // namespace

TEST_CASE("little-endian numbers") {
  std::uint8_t p[8];
  store_le<std::uint64_t>(p, 0x0102030405060708ULL);
  CHECK(p[0] == 8);
  CHECK(p[7] == 1);
  CHECK(load_le<std::uint64_t>(p) == 0x0102030405060708ULL);
  CHECK(load_le<std::uint32_t>(p) == 0x05060708U);
  CHECK(load_le<std::uint16_t>(p) == 0x0708U);
  Bytes out;
  append_le<std::uint16_t>(out, 0xff00);
  append_le<std::uint32_t>(out, 0x80000000U);
  CHECK(out == Bytes{0x00, 0xff, 0, 0, 0, 0x80});
}

TEST_CASE("published base64 vectors (RFC 4648, section 10)") {
  CHECK(to_base64(as_bytes("")) == "");
  CHECK(to_base64(as_bytes("f")) == "Zg==");
  CHECK(to_base64(as_bytes("fo")) == "Zm8=");
  CHECK(to_base64(as_bytes("foo")) == "Zm9v");
  CHECK(to_base64(as_bytes("foob")) == "Zm9vYg==");
  CHECK(to_base64(as_bytes("fooba")) == "Zm9vYmE=");
  CHECK(to_base64(as_bytes("foobar")) == "Zm9vYmFy");
}

TEST_CASE("every string of up to two bytes, and longer ones, there and back") {
  std::string all;
  for (int c = 0; c < 256; ++c) all.push_back(static_cast<char>(c));
  auto there_and_back = [](const std::string& text) {
    const Bytes bytes(text.begin(), text.end());
    const std::string coded = to_base64(bytes);
    if (coded != plain_base64(bytes)) FAIL("base64 differs from the plain one");
    if (from_base64(coded) != bytes) FAIL("base64 does not come back");
    if (from_hex(to_hex(bytes)) != bytes) FAIL("hexadecimal does not come back");
  };
  each_text(all, 2, there_and_back);
  for (std::size_t n = 3; n < 70; ++n) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text.push_back(static_cast<char>(i * 37 + n));
    there_and_back(text);
  }
}

TEST_CASE("base64 that is not: every short text over a small alphabet") {
  // Well formed: whole groups of four; the last may end in one or two '='.
  each_text("AQ=", 9, [](const std::string& text) {
    bool good = text.size() % 4 == 0;
    const auto first = text.find('=');
    if (first != std::string::npos)
      good = good && first + 2 >= text.size() &&
             text.find_first_not_of('=', first) == std::string::npos;
    const auto bytes = from_base64(text);
    if (bytes.has_value() != good) FAIL(text);
    if (bytes && bytes->size() !=
                     (text.size() - (first == std::string::npos ? 0 : text.size() - first)) * 6 / 8)
      FAIL(text);
  });
  CHECK(from_base64("Zm9v\r\n YmFy\t\n") == Bytes{'f', 'o', 'o', 'b', 'a', 'r'});
  for (const char* bad : {"Zm9v!", "Zm9_", "Zm9-", "Zm=v", "Z", "Zg=", "====", "Zg==Zg=="})
    CHECK(!from_base64(bad));
}

TEST_CASE("base64 has one spelling: stray bits in the last letter are refused") {
  CHECK(from_base64("Zg=="));
  CHECK(!from_base64("Zh=="));
  CHECK(from_base64("Zm8="));
  CHECK(!from_base64("Zm9="));
}

TEST_CASE("hexadecimal") {
  CHECK(to_hex(Bytes{0x00, 0xab, 0xff}) == "00abff");
  CHECK(from_hex("00ABff") == Bytes{0x00, 0xab, 0xff});
  CHECK(from_hex("") == Bytes{});
  for (const char* bad : {"0", "0g", "g0", "0x", " 00", "00 ", "0G"}) CHECK(!from_hex(bad));
  for (int a = 0; a < 256; ++a)
    for (int b = 0; b < 256; ++b) {
      const std::string text{static_cast<char>(a), static_cast<char>(b)};
      const std::string digits = "0123456789abcdefABCDEF";
      const bool good =
          digits.find(text[0]) != std::string::npos && digits.find(text[1]) != std::string::npos;
      if (from_hex(text).has_value() != good) FAIL(a << " " << b);
    }
}
