// Numbers as Python reads them, and whole numbers of any size.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct bignum_st;

namespace tessera::clk {

// int(s, 10) as its canonical decimal text ("-0" is "0", "007" is "7"); nullopt: Python raises.
// White space around, a sign, single underscores between digits, digits of any script, at most
// 4,300 of them.
std::optional<std::string> python_int(std::string_view utf8);
// float(s); nullopt: Python raises. May be infinite or not a number.
std::optional<double> python_float(std::string_view utf8);

// a < b for canonical decimal texts.
bool decimal_less(std::string_view a, std::string_view b);

// A whole number of any size: OpenSSL's, as a value.
class Whole {
 public:
  Whole();
  explicit Whole(std::uint64_t n);
  static Whole from_decimal(const std::string& canonical);
  // Exact; REQUIRES: finite. The fraction is cut off.
  static Whole from_double(double x);
  // round_half_even(digits x 10^exponent), digits a canonical decimal text.
  static Whole rounded(const std::string& digits, long exponent);
  static Whole power_of_ten(unsigned n);

  Whole operator+(const Whole& other) const;
  Whole operator-(const Whole& other) const;
  Whole operator*(const Whole& other) const;
  // Floor modulus. REQUIRES: other > 0.
  Whole mod(const Whole& other) const;
  bool is_zero() const;
  bool operator<(const Whole& other) const;
  std::string decimal() const;

 private:
  struct Free {
    void operator()(bignum_st* n) const;
  };
  std::shared_ptr<bignum_st> n_;
};

// A decimal number exactly as written: digits x 10^exponent.
struct Decimal {
  std::string digits;  // canonical whole number
  long exponent = 0;
};
// Accepts what float() accepts, but neither infinities nor NaN, and exponents to +-5,000.
std::optional<Decimal> exact_decimal(std::string_view utf8);

}  // namespace tessera::clk
