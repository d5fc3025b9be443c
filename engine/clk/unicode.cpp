#include "engine/clk/unicode.h"

#include <unicode/locid.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "engine/core/text_encoding.h"

namespace tessera::clk {

std::size_t code_points(std::string_view utf8) {
  std::size_t n = 0;
  for (const char c : utf8) n += (static_cast<unsigned char>(c) & 0xC0U) != 0x80 ? 1U : 0U;
  return n;
}

char32_t next_code_point(std::string_view utf8, std::size_t& at) {
  const auto byte = [&](std::size_t k) {
    return static_cast<char32_t>(static_cast<unsigned char>(utf8[at + k]));
  };
  const char32_t c = byte(0);
  char32_t out = c;
  std::size_t n = 1;
  if (c >= 0xF0) {
    out = ((c & 7U) << 18) | ((byte(1) & 63U) << 12) | ((byte(2) & 63U) << 6) | (byte(3) & 63U);
    n = 4;
  } else if (c >= 0xE0) {
    out = ((c & 15U) << 12) | ((byte(1) & 63U) << 6) | (byte(2) & 63U);
    n = 3;
  } else if (c >= 0xC0) {
    out = ((c & 31U) << 6) | (byte(1) & 63U);
    n = 2;
  }
  at += n;
  return out;
}

bool is_space(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x20) || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

int digit_value(char32_t c) {
  if (c < 0x80) return c >= '0' && c <= '9' ? static_cast<int>(c - '0') : -1;
  return u_charType(static_cast<UChar32>(c)) == U_DECIMAL_DIGIT_NUMBER
             ? u_charDigitValue(static_cast<UChar32>(c))
             : -1;
}

std::string numeric_ascii(std::string_view utf8) {
  std::string out;
  out.reserve(utf8.size());
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = next_code_point(utf8, at);
    const int digit = digit_value(c);
    // str.strip() takes the four separators below the blank for white space, int() does not.
    if (is_space(c) && !(c >= 0x1c && c <= 0x1f)) {
      out += ' ';
    } else if (digit >= 0) {
      out += static_cast<char>('0' + digit);
    } else {
      out += c < 0x80 ? static_cast<char>(c) : '?';
    }
  }
  const std::size_t first = out.find_first_not_of(' ');
  if (first == std::string::npos) return "";
  return out.substr(first, out.find_last_not_of(' ') - first + 1);
}

namespace {

bool unchanged(std::string_view utf8, bool upper) {
  if (is_ascii(utf8)) {
    for (const char c : utf8)
      if (upper ? (c >= 'a' && c <= 'z') : (c >= 'A' && c <= 'Z')) return false;
    return true;
  }
  const auto text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  icu::UnicodeString other = text;
  if (upper)
    other.toUpper(icu::Locale::getRoot());
  else
    other.toLower(icu::Locale::getRoot());
  return other == text;
}

}  // namespace

bool is_upper(std::string_view utf8) { return unchanged(utf8, true); }
bool is_lower(std::string_view utf8) { return unchanged(utf8, false); }

std::optional<std::string> encoded(std::string_view utf8, Encoding encoding) {
  if (encoding == Encoding::utf8) return std::string(utf8);
  if (encoding == Encoding::ascii)
    return is_ascii(utf8) ? std::optional(std::string(utf8)) : std::nullopt;
  const bool wide = encoding == Encoding::utf32;
  std::string out;
  const auto put = [&](char32_t unit) {
    for (unsigned k = 0; k < (wide ? 4U : 2U); ++k)
      out += static_cast<char>(static_cast<unsigned char>(unit >> (8 * k)));
  };
  put(0xFEFF);
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = next_code_point(utf8, at);
    if (wide || c < 0x10000) {
      put(c);
    } else {
      put(0xD800 + ((c - 0x10000) >> 10));
      put(0xDC00 + ((c - 0x10000) & 0x3FFU));
    }
  }
  return out;
}

}  // namespace tessera::clk
