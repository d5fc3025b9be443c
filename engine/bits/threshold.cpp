// Thresholds as integers: see threshold.h for the algebra.
#include "engine/bits/threshold.h"

namespace tessera::bits {

Result<Threshold> parse_threshold(std::string_view text) {
  const Error bad{
      ErrorCode::usage,
      "a threshold is a decimal number from 0 to 1 with at most nine places, such as 0.85",
      "--threshold"};
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  const std::string_view places = dot == std::string_view::npos ? "" : text.substr(dot + 1);
  if (text.empty() || (whole.empty() && places.empty()) || whole.size() > 1 || places.size() > 9)
    return bad;
  Threshold t;
  for (const std::string_view part : {whole, places})
    for (const char c : part) {
      if (c < '0' || c > '9') return bad;
      t.numerator = t.numerator * 10 + static_cast<std::uint64_t>(c - '0');
    }
  for (std::size_t i = 0; i < places.size(); ++i) t.denominator *= 10;
  if (t.numerator > t.denominator) return bad;
  return t;
}

Decision::Decision(Threshold t, std::size_t bits)
    : threshold_(t), need_(2 * bits + 1), low_(bits + 1, 1), high_(bits + 1, 0) {
  const std::uint64_t p = t.numerator;
  const std::uint64_t twice_q = 2 * t.denominator;
  for (std::size_t s = 0; s < need_.size(); ++s)
    need_[s] = static_cast<std::uint32_t>((p * s + twice_q - 1) / twice_q);
  if (p > 0) need_[0] = 1;
  // The shared bits are at most min(|a|, |b|). Both ends move up with the count, so one walk does.
  std::size_t low = 0;
  std::size_t high = 0;
  for (std::size_t n = 0; n <= bits; ++n) {
    while (low <= n && low < need_[n + low]) ++low;
    if (low > n) {  // not even its equal: an empty filter, when t > 0
      low = 0;
      continue;
    }
    if (high < n) high = n;
    while (high < bits && n >= need_[n + high + 1]) ++high;
    low_[n] = static_cast<std::uint32_t>(low);
    high_[n] = static_cast<std::uint32_t>(high);
  }
}

std::int32_t Decision::left_budget(std::size_t count) const {
  const std::uint64_t q = threshold_.denominator;
  return static_cast<std::int32_t>((count * (q - threshold_.numerator) + q - 1) / q);
}

std::int32_t Decision::right_budget(std::size_t count) const {
  const std::uint64_t q = threshold_.denominator;
  return static_cast<std::int32_t>(count * (q - threshold_.numerator) / q);
}

}  // namespace tessera::bits
