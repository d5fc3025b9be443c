#include "engine/clk/python_number.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <openssl/bn.h>

#include "engine/clk/unicode.h"
#include "engine/core/ascii.h"

namespace tessera::clk {
namespace {

using ascii::is_digit;
using ascii::lower;

constexpr std::size_t kMostDigits = 4300;  // Python's sys.int_info.default_max_str_digits

// Removes underscores, each of which must stand between two digits; nullopt otherwise.
std::optional<std::string> without_underscores(std::string_view s) {
  std::string out;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] != '_') {
      out += s[i];
      continue;
    }
    if (i == 0 || i + 1 == s.size() || !is_digit(s[i - 1]) || !is_digit(s[i + 1]))
      return std::nullopt;
  }
  return out;
}

std::string canonical(bool negative, std::string_view digits) {
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string_view::npos) return "0";
  std::string out(negative ? 1 : 0, '-');
  return out += digits.substr(first);
}

bool equals(std::string_view s, std::string_view word) {
  if (s.size() != word.size()) return false;
  for (std::size_t i = 0; i < s.size(); ++i)
    if (lower(s[i]) != word[i]) return false;
  return true;
}

// The parts of "12.5e-3": whole and fractional digits, and the exponent's text with its sign.
struct Parts {
  bool negative = false;
  std::string whole, fraction, exponent;
};
std::optional<Parts> split(std::string_view s) {
  Parts p;
  std::size_t i = 0;
  if (i < s.size() && (s[i] == '+' || s[i] == '-')) p.negative = s[i++] == '-';
  while (i < s.size() && is_digit(s[i])) p.whole += s[i++];
  if (i < s.size() && s[i] == '.') {
    ++i;
    while (i < s.size() && is_digit(s[i])) p.fraction += s[i++];
  }
  if (p.whole.empty() && p.fraction.empty()) return std::nullopt;
  if (i < s.size() && lower(s[i]) == 'e') {
    ++i;
    if (i < s.size() && (s[i] == '+' || s[i] == '-')) p.exponent.assign(s[i++] == '-' ? 1 : 0, '-');
    const std::size_t from = i;
    while (i < s.size() && is_digit(s[i])) p.exponent += s[i++];
    if (i == from) return std::nullopt;
  }
  if (i != s.size()) return std::nullopt;
  return p;
}

std::string digit_and_zeros(char digit, std::size_t zeros) {
  std::string out(1 + zeros, '0');
  out[0] = digit;
  return out;
}

BIGNUM* fresh() { return BN_new(); }

}  // namespace

std::optional<std::string> python_int(std::string_view utf8) {
  // The usual: digits that are canonical as they stand.
  if (!utf8.empty() && utf8.size() <= kMostDigits && (utf8[0] != '0' || utf8.size() == 1) &&
      std::ranges::all_of(utf8, is_digit))
    return std::string(utf8);
  std::string s = numeric_ascii(utf8);
  bool negative = false;
  if (!s.empty() && (s[0] == '+' || s[0] == '-')) {
    negative = s[0] == '-';
    s.erase(0, 1);
  }
  const auto digits = without_underscores(s);
  if (!digits || digits->empty() || digits->size() > kMostDigits) return std::nullopt;
  for (const char c : *digits)
    if (!is_digit(c)) return std::nullopt;
  return canonical(negative, *digits);
}

std::optional<double> python_float(std::string_view utf8) {
  const auto s = without_underscores(numeric_ascii(utf8));
  if (!s || s->empty()) return std::nullopt;
  std::string_view bare = *s;
  const bool negative = bare[0] == '-';
  if (bare[0] == '+' || negative) bare.remove_prefix(1);
  if (equals(bare, "inf") || equals(bare, "infinity")) return negative ? -HUGE_VAL : HUGE_VAL;
  if (equals(bare, "nan")) return std::nan("");
  if (!split(*s)) return std::nullopt;
  double value = 0;
  const char* end = bare.data() + bare.size();
  const auto parsed = std::from_chars(bare.data(), end, value);
  if (parsed.ec == std::errc::result_out_of_range) value = std::strtod(bare.data(), nullptr);
  return negative ? -value : value;
}

bool decimal_less(std::string_view a, std::string_view b) {
  const bool na = a[0] == '-';
  const bool nb = b[0] == '-';
  if (na != nb) return na;
  if (a.size() != b.size()) return (a.size() < b.size()) != na;
  return na ? a > b : a < b;
}

std::optional<Decimal> exact_decimal(std::string_view utf8) {
  const auto s = without_underscores(numeric_ascii(utf8));
  if (!s) return std::nullopt;
  const auto p = split(*s);
  if (!p) return std::nullopt;
  long exponent = 0;
  if (!p->exponent.empty()) {
    const char* end = p->exponent.data() + p->exponent.size();
    const auto parsed = std::from_chars(p->exponent.data(), end, exponent);
    if (parsed.ec != std::errc{} || exponent > 5000 || exponent < -5000) return std::nullopt;
  }
  if (p->whole.size() + p->fraction.size() > kMostDigits) return std::nullopt;
  return Decimal{canonical(p->negative, p->whole + p->fraction),
                 exponent - static_cast<long>(p->fraction.size())};
}

void Whole::Free::operator()(bignum_st* n) const { BN_free(n); }

Whole::Whole() : n_(fresh(), Free{}) {}
Whole::Whole(std::uint64_t n) : Whole() { BN_set_word(n_.get(), n); }

Whole Whole::from_decimal(const std::string& canonical_text) {
  Whole out;
  BIGNUM* n = out.n_.get();
  BN_dec2bn(&n, canonical_text.c_str());
  return out;
}

Whole Whole::from_double(double x) {
  int exponent = 0;
  const double mantissa = std::frexp(std::fabs(std::trunc(x)), &exponent);
  Whole out(static_cast<std::uint64_t>(std::ldexp(mantissa, 53)));
  if (exponent >= 53)
    BN_lshift(out.n_.get(), out.n_.get(), exponent - 53);
  else
    BN_rshift(out.n_.get(), out.n_.get(), 53 - exponent);
  BN_set_negative(out.n_.get(), x < 0 ? 1 : 0);
  return out;
}

Whole Whole::power_of_ten(unsigned n) { return from_decimal(digit_and_zeros('1', n)); }

Whole Whole::rounded(const std::string& digits, long exponent) {
  if (exponent >= 0) return from_decimal(digits) * power_of_ten(static_cast<unsigned>(exponent));
  const bool negative = digits[0] == '-';
  std::string d = negative ? digits.substr(1) : digits;
  const auto drop = static_cast<std::size_t>(-exponent);
  if (d.size() < drop + 1) d.insert(0, drop + 1 - d.size(), '0');
  const std::string cut = d.substr(d.size() - drop);
  std::string kept = d.substr(0, d.size() - drop);
  const std::string half = digit_and_zeros('5', drop - 1);
  const bool odd = ((kept.back() - '0') & 1) != 0;
  const Whole down = from_decimal(kept);
  const Whole size = cut > half || (cut == half && odd) ? down + Whole(1) : down;
  return negative ? Whole() - size : size;
}

Whole Whole::operator+(const Whole& other) const {
  Whole out;
  BN_add(out.n_.get(), n_.get(), other.n_.get());
  return out;
}
Whole Whole::operator-(const Whole& other) const {
  Whole out;
  BN_sub(out.n_.get(), n_.get(), other.n_.get());
  return out;
}
Whole Whole::operator*(const Whole& other) const {
  Whole out;
  BN_CTX* context = BN_CTX_new();
  BN_mul(out.n_.get(), n_.get(), other.n_.get(), context);
  BN_CTX_free(context);
  return out;
}
Whole Whole::mod(const Whole& other) const {
  Whole out;
  BN_CTX* context = BN_CTX_new();
  BN_nnmod(out.n_.get(), n_.get(), other.n_.get(), context);
  BN_CTX_free(context);
  return out;
}
bool Whole::is_zero() const { return BN_is_zero(n_.get()) == 1; }
bool Whole::operator<(const Whole& other) const { return BN_cmp(n_.get(), other.n_.get()) < 0; }
std::string Whole::decimal() const {
  char* text = BN_bn2dec(n_.get());
  std::string out(text);
  OPENSSL_free(text);
  return out;
}

}  // namespace tessera::clk
