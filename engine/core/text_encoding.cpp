// Valid UTF-8 by table; other encodings by their marks, zero bytes and commonest letters.
#include "engine/core/text_encoding.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include <fmt/format.h>

#include "engine/core/ascii.h"

namespace tessera {
namespace {

constexpr std::size_t kSample = 4096;

// Length of the valid UTF-8 sequence at p (Unicode 15, table 3-7), 0 if there is none.
std::size_t utf8_length(const unsigned char* p, std::size_t left) {
  const unsigned char c = p[0];
  auto tail = [&](std::size_t i, unsigned char low = 0x80, unsigned char high = 0xBF) {
    return i < left && p[i] >= low && p[i] <= high;
  };
  if (c < 0x80) return 1;
  if (c >= 0xC2 && c <= 0xDF) return tail(1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    const unsigned char low = c == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = c == 0xED ? 0x9F : 0xBF;
    return tail(1, low, high) && tail(2) ? 3 : 0;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    const unsigned char low = c == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = c == 0xF4 ? 0x8F : 0xBF;
    return tail(1, low, high) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

// Calls on_character(at, length) for each character beyond ASCII; length 0: a byte that is none.
// Stops where that returns false.
template <class OnCharacter>
void scan_utf8(std::string_view s, OnCharacter on_character) {
  const auto* p = reinterpret_cast<const unsigned char*>(s.data());
  for (std::size_t i = 0; i < s.size();) {
    if (s.size() - i >= 8) {  // eight ASCII bytes at a time
      std::uint64_t word = 0;
      std::memcpy(&word, p + i, 8);
      if ((word & 0x8080808080808080ULL) == 0) {
        i += 8;
        continue;
      }
    }
    if (p[i] < 0x80) {
      ++i;
      continue;
    }
    const std::size_t n = utf8_length(p + i, s.size() - i);
    if (!on_character(i, n)) return;
    i += n == 0 ? 1 : n;
  }
}

// A byte order mark says it; else a table in ASCII characters of two bytes has a zero in each.
std::string_view wide_encoding(std::string_view text) {
  using namespace std::string_view_literals;
  if (text.starts_with("\xFF\xFE\0\0"sv) || text.starts_with("\0\0\xFE\xFF"sv)) return "UTF-32";
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return "UTF-16";
  std::array<std::size_t, 2> zeros{};  // at even and odd places
  const std::size_t n = std::min(text.size(), kSample) / 2 * 2;
  for (std::size_t i = 0; i < n; ++i) zeros[i % 2] += text[i] == '\0' ? 1U : 0U;
  if (zeros[0] == 0 && zeros[1] * 4 > n) return "UTF-16LE";
  if (zeros[1] == 0 && zeros[0] * 4 > n) return "UTF-16BE";
  return "";
}

// Mainframes: letters, digits and blanks all lie where ASCII has none of them.
bool looks_like_ebcdic(std::string_view text) {
  const std::string_view sample = text.substr(0, kSample);
  if (std::ranges::any_of(sample, ascii::is_digit)) return false;
  const auto n = std::ranges::count_if(sample, [](char c) { return c == '@' || (c & 0x80) != 0; });
  return static_cast<std::size_t>(n) * 2 > sample.size();
}

// Zip, gzip, pictures: control characters that no table has, in any of the encodings told apart.
bool is_no_text(std::string_view text) {
  const std::string_view sample = text.substr(0, kSample);
  return !looks_like_ebcdic(text) && std::ranges::any_of(sample, [](char c) {
    return (c >= 0 && c < '\t') || (c > '\r' && c < ' ' && c != '\x1A');
  });
}

// What the bytes that are not UTF-8 would be letters in; empty if in nothing that is common.
class Guess {
 public:
  void add(unsigned char c) {
    using namespace std::string_view_literals;
    constexpr std::string_view kDosLetters = "\x81\x82\x84\x94\xA0\xA1\xA2\xA3\xA4\xA5"sv;
    if (c >= 0xC0 || c == 0x91 || c == 0x92) ++windows_;  // letters and curved apostrophes
    if (kDosLetters.find(static_cast<char>(c)) != std::string_view::npos) ++dos_;
    if (c >= 0x80 && c <= 0x9F) ++mac_;
  }
  std::string_view name() const {
    const std::size_t most = std::max({windows_, dos_, mac_});
    if (most == 0) return "";
    return windows_ == most ? "WINDOWS-1252" : dos_ == most ? "CP850" : "MACINTOSH";
  }

 private:
  std::size_t windows_ = 0, dos_ = 0, mac_ = 0;
};

Error refusal(std::string_view encoding, const std::string& name, std::size_t line) {
  const std::string where = fmt::format("{}:{}", name, line);
  if (encoding.empty())
    return {ErrorCode::format, "not UTF-8; save it as CSV UTF-8 where it was made", where};
  return {ErrorCode::format,
          fmt::format("not UTF-8, likely {0}; save it as CSV UTF-8, or convert it with "
                      "'iconv -f {0} -t UTF-8'",
                      encoding),
          where};
}

}  // namespace

bool valid_utf8(std::string_view text) {
  bool valid = true;
  scan_utf8(text, [&](std::size_t, std::size_t length) { return valid = length != 0; });
  return valid;
}

bool is_ascii(std::string_view text) {
  bool ascii = true;
  scan_utf8(text, [&](std::size_t, std::size_t) { return ascii = false; });
  return ascii;
}

Result<void> refuse_other_encodings(std::string_view text, const std::string& name) {
  if (const std::string_view wide = wide_encoding(text); !wide.empty())
    return refusal(wide, name, 1);
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::size_t proper = 0;
  std::size_t stray = 0;
  std::size_t first = 0;
  Guess guess;
  scan_utf8(text, [&](std::size_t at, std::size_t length) {
    if (length != 0) return ++proper, true;
    if (stray++ == 0) first = at;
    guess.add(static_cast<unsigned char>(text[at]));
    return true;
  });
  if (stray <= proper) return {};
  const auto line =
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(first), '\n');
  if (is_no_text(text))
    return Error{ErrorCode::format, "this is no text; give a table in CSV UTF-8", name};
  return refusal(looks_like_ebcdic(text) ? "IBM037" : guess.name(), name,
                 static_cast<std::size_t>(line) + 1);
}

}  // namespace tessera
