// Single characters and lists of them: escapes, white space, and what is the same in another case.
#include "engine/clk/pattern_reader.h"
#include "engine/clk/unicode.h"
#include "engine/core/ascii.h"

namespace tessera::clk {
namespace {

// White space of Python, which PCRE2's \s is not quite, and all that is none.
constexpr std::string_view kSpace =
    R"(\x09-\x0d\x1c-\x20\x85\xa0\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000})";
constexpr std::string_view kNoSpace =
    R"(\x00-\x08\x0e-\x1b\x21-\x84\x86-\x9f\xa1-\x{167f}\x{1681}-\x{1fff}\x{200b}-\x{2027})"
    R"(\x{202a}-\x{202e}\x{2030}-\x{205e}\x{2060}-\x{2fff}\x{3001}-\x{10ffff})";

// Characters that are one in another case to Python's `re` and not to PCRE2.
constexpr std::u32string_view kSameInOtherCase[] = {U"iI\u0130\u0131", U"\u0390\u1fd3",
                                                    U"\u03b0\u1fe3", U"\ufb05\ufb06"};

std::string coded(char32_t c) { return fmt::format("\\x{{{:x}}}", static_cast<std::uint32_t>(c)); }

}  // namespace

// What is the same in another case, of the characters from low to high.
void PatternReader::same_in_other_case(char32_t low, char32_t high, std::string& words) const {
  if (!frames_.back().ignore_case || out_.ascii) return;
  for (const std::u32string_view same : kSameInOtherCase)
    if (std::ranges::any_of(same, [&](char32_t c) { return low <= c && c <= high; }))
      for (const char32_t c : same) words += coded(c);
}

std::string PatternReader::literal(char32_t c) const {
  std::string same;
  same_in_other_case(c, c, same);
  return same.empty() ? coded(c) : "[" + same + "]";
}

Result<std::uint32_t> PatternReader::hexadecimal(std::size_t digits) {
  std::uint32_t out = 0;
  const std::string_view hex = s_.substr(i_, digits);
  if (hex.size() < digits ||
      hex.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
    return bad();
  for (const char c : hex)
    out = out * 16 +
          static_cast<std::uint32_t>(ascii::is_digit(c) ? c - '0' : ascii::lower(c) - 'a' + 10);
  i_ += digits;
  return out;
}

// The character that an escape stands for; none: it is no character. i_ stands after `c`.
Result<std::optional<char32_t>> PatternReader::code(char c, bool in_list) {
  using Code = std::optional<char32_t>;
  if (c == 'x' || c == 'u' || c == 'U') {
    TESSERA_TRY(const std::uint32_t out, hexadecimal(c == 'x' ? 2 : c == 'u' ? 4 : 8));
    if (out > 0x10ffff) return bad();
    if (out >= 0xd800 && out < 0xe000) return unknown("half a character (U+D800 to U+DFFF)");
    return Code(out);
  }
  const auto octal = [&](std::size_t at) {
    return at < s_.size() && s_[at] >= '0' && s_[at] <= '7';
  };
  const bool three = octal(i_ - 1) && octal(i_) && octal(i_ + 1);
  if (c == '0' || three || (in_list && ascii::is_digit(c))) {
    char32_t out = 0;
    std::size_t digits = 0;
    for (--i_; digits < 3 && octal(i_); ++digits)
      out = out * 8 + static_cast<char32_t>(s_[i_++] - '0');
    if (digits == 0 || out > 0377) return bad();
    return Code(out);
  }
  constexpr std::string_view kLetters = "afnrtv";
  constexpr std::string_view kCodes = "\a\f\n\r\t\v";
  if (const std::size_t k = kLetters.find(c); k != std::string_view::npos)
    return Code(static_cast<char32_t>(kCodes[k]));
  if (in_list && c == 'b') return Code(U'\b');
  if (ascii::is_letter(c) || ascii::is_digit(c)) return Code();
  --i_;
  return Code(next_code_point(s_, i_));
}

Result<void> PatternReader::escape() {
  i_ += 2;
  if (i_ > s_.size()) return bad();
  const char c = s_[i_ - 1];
  TESSERA_TRY(const std::optional<char32_t> one, code(c, false));
  if (one) {
    item(literal(*one));
    return {};
  }
  if (ascii::is_digit(c)) {
    auto group = static_cast<std::uint32_t>(c - '0');
    if (!at_end() && ascii::is_digit(s_[i_]))
      group = group * 10 + static_cast<std::uint32_t>(s_[i_++] - '0');
    return reference(group);
  }
  if (c == 'A' || c == 'b')
    place(c == 'A' ? "\\A" : "\\b");
  else if (c == 'B')
    place("(?:\\B(?!\\A\\z))");  // nothing is in no word, and yet Python finds no place there
  else if (c == 'Z')
    place("\\z");
  else if (c == 'd' || c == 'D' || c == 'w' || c == 'W')
    item(std::string("\\") + c);
  else if (c == 's' || c == 'S')
    item(out_.ascii ? std::string("\\") + c : fmt::format("[{}]", c == 'S' ? kNoSpace : kSpace));
  else if (c == 'N')
    return unknown("\\N{..}");
  else
    return bad();
  return {};
}

// One character of a list, or none and the words for a kind of characters.
Result<std::optional<char32_t>> PatternReader::list_part(std::string& words) {
  using Code = std::optional<char32_t>;
  if (at_end()) return bad();
  if (s_[i_] != '\\') return Code(next_code_point(s_, i_));
  i_ += 2;
  if (i_ > s_.size()) return bad();
  const char c = s_[i_ - 1];
  TESSERA_TRY(const Code one, code(c, true));
  if (one) return one;
  if (c == 'N') return unknown("\\N{..}");
  if (std::string_view("dDwWsS").find(c) == std::string_view::npos) return bad();
  words = std::string("\\") + c;
  if (!out_.ascii && (c == 's' || c == 'S')) words = c == 'S' ? kNoSpace : kSpace;
  return Code();
}

Result<void> PatternReader::list() {
  ++i_;
  std::string out = take("^") ? "[^" : "[";
  for (bool first = true; first || at_end() || s_[i_] != ']'; first = false) {
    std::string words;
    TESSERA_TRY(const std::optional<char32_t> low, list_part(words));
    std::optional<char32_t> high = low;
    if (i_ + 1 < s_.size() && s_[i_] == '-' && s_[i_ + 1] != ']') {
      ++i_;
      TESSERA_TRY(high, list_part(words));
      if (!low || !high || *high < *low) return bad();
    }
    if (!low) {
      out += words;
      continue;
    }
    out += coded(*low);
    if (*high != *low) out += "-" + coded(*high);
    same_in_other_case(*low, *high, out);
  }
  ++i_;
  item(out + "]");
  return {};
}

}  // namespace tessera::clk
