// Digits out of a cell, their number, their check digit.
#include "engine/record/number.h"

#include "engine/record/fold.h"
#include "engine/record/name_words.h"

namespace tessera::record {
namespace {

constexpr std::size_t kMostDigits = 40;

// "N/A", "unknown", "-": nothing was entered, which is another matter than a slip.
// The digits of `text`; anything but blanks and hyphens beside them is a fault.
Finding take_digits(std::string_view text, std::string& out) {
  out.clear();
  for (const char c : text) {
    if (c == ' ' || c == '-' || c == '\t') continue;
    if (c < '0' || c > '9' || out.size() == kMostDigits) {
      const bool too_long = c >= '0' && c <= '9';
      out.clear();
      if (too_long) return Finding::wrong_length;
      return says_not_known(text) ? Finding::placeholder : Finding::not_digits;
    }
    out.push_back(c);
  }
  return out.empty() && !text.empty() ? Finding::placeholder : Finding::none;
}

bool one_digit(std::string_view digits) {
  return digits.find_first_not_of(digits.front()) == std::string_view::npos;
}

// Advertised, printed on sample cards, or made up by whoever must enter something.
bool known_fake(std::string_view d) {
  static constexpr std::string_view kFakes[] = {
      "002281852", "042103580", "062360749", "078051120", "095073645", "123456789",
      "128036045", "135016629", "141186941", "165167999", "165187999", "165207999",
      "165227999", "165247999", "189092294", "212097694", "212099999", "219099999",
      "306302348", "308125070", "457555462", "468288779", "549241889"};
  for (const std::string_view fake : kFakes)
    if (d == fake) return true;
  return one_digit(d) || d.starts_with("98765432");
}

bool is_itin(std::string_view d) {
  const int group = (d[3] - '0') * 10 + (d[4] - '0');
  return d[0] == '9' && ((group >= 50 && group <= 65) || (group >= 70 && group <= 88) ||
                         (group >= 90 && group <= 92) || (group >= 94 && group <= 99));
}

Finding judge_ssn(std::string_view d) {
  if (d.size() != 9) return Finding::wrong_length;
  if (known_fake(d)) return Finding::fake;
  if (is_itin(d)) return Finding::itin;
  const bool never_issued = d.starts_with("000") || d.starts_with("666") || d[0] == '9' ||
                            d.substr(3, 2) == "00" || d.substr(5) == "0000";
  return never_issued ? Finding::impossible : Finding::none;
}

}  // namespace

bool luhn_holds(std::string_view digits) {
  int sum = 0;
  bool twice = false;
  for (std::size_t i = digits.size(); i-- > 0; twice = !twice) {
    const int d = (digits[i] - '0') * (twice ? 2 : 1);
    sum += d > 9 ? d - 9 : d;
  }
  return sum % 10 == 0;
}

Finding read_number(std::string_view text, std::uint32_t length, bool luhn, std::string& out) {
  Finding finding = take_digits(text, out);
  if (finding != Finding::none || out.empty()) return finding;
  if (length != 0 && out.size() != length)
    finding = Finding::wrong_length;
  else if (out.size() > 1 && one_digit(out))
    finding = Finding::impossible;
  else if (luhn && !luhn_holds(out))
    finding = Finding::check_digit;
  if (finding != Finding::none) out.clear();
  return finding;
}

Finding read_ssn(std::string_view text, std::string& out) {
  Finding finding = take_digits(text, out);
  if (finding != Finding::none || out.empty()) return finding;
  finding = judge_ssn(out);
  if (finding != Finding::none) out.clear();
  return finding;
}

}  // namespace tessera::record
