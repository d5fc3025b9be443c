#include "engine/clk/python_pattern.h"

#include <optional>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "engine/core/ascii.h"

namespace tessera::clk {
namespace {

using ascii::is_digit;
using ascii::is_letter;

// "\uXXXX" and "\UXXXXXXXX" as "\x{...}"; nullopt: too few hexadecimal digits.
std::optional<std::string> code_escape(std::string_view s, std::size_t& i, std::size_t digits) {
  const std::string_view hex = s.substr(i + 1, digits);
  if (hex.size() < digits ||
      hex.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
    return std::nullopt;
  i += digits;
  return "\\x{" + std::string(hex) + "}";
}

// One escape, s[i] being the character after the backslash; i moves to its last character.
std::optional<std::string> escape(std::string_view s, std::size_t& i, bool in_class, bool unicode) {
  const char c = s[i];
  // Python's white space has four separators more, U+001C to U+001F.
  if (c == 's' && unicode) return in_class ? "\\s\\x1c-\\x1f" : "[\\s\\x1c-\\x1f]";
  if (c == 'S' && unicode && !in_class) return "[^\\s\\x1c-\\x1f]";
  if (c == 'Z' && !in_class) return "\\z";
  if (c == 'v') return "\\x0b";
  if (c == 'u') return code_escape(s, i, 4);
  if (c == 'U') return code_escape(s, i, 8);
  const std::string_view known = in_class ? "abdDsSwWfnrtx" : "abABdDsSwWfnrtx";
  if (is_letter(c) && known.find(c) == std::string_view::npos) return std::nullopt;
  return std::string("\\") + c;
}

// "{,n}" of Python: from none to n.
bool open_bound(std::string_view s, std::size_t i) {
  if (s.substr(i, 2) != "{,") return false;
  std::size_t k = i + 2;
  while (k < s.size() && is_digit(s[k])) ++k;
  return k > i + 2 && k < s.size() && s[k] == '}';
}

std::optional<std::string> to_pcre(std::string_view s, bool unicode) {
  std::string out;
  bool in_class = false;
  std::size_t class_start = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '\\') {
      if (++i == s.size()) return std::nullopt;
      const auto part = escape(s, i, in_class, unicode);
      if (!part) return std::nullopt;
      out += *part;
    } else if (in_class) {
      // A bracket that opens nothing in Python would open a POSIX class here.
      out += s[i] == '[' ? "\\[" : std::string(1, s[i]);
      if (s[i] == ']' && i > class_start) in_class = false;
    } else if (s[i] == '[') {
      in_class = true;
      out += '[';
      class_start = i + 1;
      if (class_start < s.size() && s[class_start] == '^') {
        out += '^';
        ++i;
        ++class_start;
      }
    } else if (open_bound(s, i)) {
      out += "{0";
    } else {
      out += s[i];
    }
  }
  return in_class ? std::nullopt : std::optional(out);
}

}  // namespace

struct Pattern::State {
  pcre2_code* code = nullptr;
  pcre2_match_data* data = nullptr;
  ~State() {
    pcre2_match_data_free(data);
    pcre2_code_free(code);
  }
};

Pattern::Pattern() : state_(std::make_unique<State>()) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(const std::string& python, bool ignore_case) {
  const Error bad{ErrorCode::format, "a pattern is no regular expression that Python would accept",
                  ""};
  std::string_view text = python;
  std::uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_NO_UTF_CHECK;
  if (ignore_case) options |= PCRE2_CASELESS;
  // Python's global flags for ASCII and Unicode have no name in PCRE2.
  if (text.starts_with("(?a)")) {
    options &= ~static_cast<std::uint32_t>(PCRE2_UCP);
    text.remove_prefix(4);
  } else if (text.starts_with("(?u)")) {
    text.remove_prefix(4);
  }
  const auto rewritten = to_pcre(text, (options & PCRE2_UCP) != 0);
  if (!rewritten) return bad;
  Pattern out;
  int number = 0;
  PCRE2_SIZE offset = 0;
  out.state_->code = pcre2_compile(reinterpret_cast<PCRE2_SPTR>(rewritten->data()),
                                   rewritten->size(), options, &number, &offset, nullptr);
  if (out.state_->code == nullptr) return bad;
  pcre2_jit_compile(out.state_->code, PCRE2_JIT_COMPLETE);  // faster where it works
  out.state_->data = pcre2_match_data_create_from_pattern(out.state_->code, nullptr);
  return out;
}

bool Pattern::full_match(std::string_view utf8) const {
  return pcre2_match(state_->code, reinterpret_cast<PCRE2_SPTR>(utf8.data()), utf8.size(), 0,
                     PCRE2_ANCHORED | PCRE2_ENDANCHORED | PCRE2_NO_UTF_CHECK, state_->data,
                     nullptr) > 0;
}

std::size_t Pattern::match(std::string_view utf8) const {
  const int n = pcre2_match(state_->code, reinterpret_cast<PCRE2_SPTR>(utf8.data()), utf8.size(), 0,
                            PCRE2_ANCHORED | PCRE2_NO_UTF_CHECK, state_->data, nullptr);
  return n > 0 ? pcre2_get_ovector_pointer(state_->data)[1] : std::string_view::npos;
}

std::string_view Pattern::group(std::string_view utf8, std::size_t number) const {
  const PCRE2_SIZE* at = pcre2_get_ovector_pointer(state_->data) + 2 * number;
  if (at[0] == PCRE2_UNSET) return {};
  return utf8.substr(at[0], at[1] - at[0]);
}

}  // namespace tessera::clk
