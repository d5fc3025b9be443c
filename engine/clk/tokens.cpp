#include "engine/clk/tokens.h"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>

#include <fmt/format.h>

#include "engine/clk/python_number.h"

namespace tessera::clk {
namespace {

void ngrams(const Feature& f, std::string_view value, std::vector<std::string>& out) {
  const std::string pad(f.n - 1, ' ');
  std::string padded = pad;
  (padded += value) += pad;
  // Where each code point starts, and the end.
  std::vector<std::size_t> starts;
  starts.reserve(padded.size() + 1);
  for (std::size_t i = 0; i < padded.size(); ++i)
    if ((static_cast<unsigned char>(padded[i]) & 0xC0U) != 0x80) starts.push_back(i);
  starts.push_back(padded.size());
  for (std::size_t i = 0; i + f.n < starts.size(); ++i) {
    std::string gram = padded.substr(starts[i], starts[i + f.n] - starts[i]);
    out.push_back(f.positional ? fmt::format("{} {}", i + 1, gram) : std::move(gram));
  }
}

// A canonical decimal that fits a machine word easily.
std::optional<std::int64_t> small(std::string_view decimal) {
  std::int64_t out = 0;
  if (decimal.size() > 18) return std::nullopt;
  std::from_chars(decimal.data(), decimal.data() + decimal.size(), out);
  return out;
}

// The value x 10^precision as a whole number, as the tool reads numbers; nullopt: it raises.
std::optional<Whole> scaled(const Feature& f, std::string_view value, bool strict) {
  const auto digits = static_cast<unsigned>(f.precision);
  if (const auto whole = python_int(value))
    return Whole::from_decimal(*whole) * Whole::power_of_ten(digits);
  if (strict) {
    const auto exact = exact_decimal(value);
    if (!exact) return std::nullopt;
    return Whole::rounded(exact->digits, exact->exponent + static_cast<long>(digits));
  }
  const auto real = python_float(value);
  if (!real || !std::isfinite(*real)) return std::nullopt;
  if (digits == 0) return Whole::from_double(*real);
  const double product = *real * std::stod("1e" + std::to_string(digits));
  if (!std::isfinite(product)) return std::nullopt;
  return Whole::from_double(std::nearbyint(product));
}

// The same in a machine word; nullopt: it does not fit, or there is none.
std::optional<std::int64_t> scaled_small(const Feature& f, std::string_view value, bool strict) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  std::int64_t scale = 1;
  for (std::uint64_t i = 0; i < f.precision; ++i)
    if (__builtin_mul_overflow(scale, 10, &scale)) return std::nullopt;
  if (const auto whole = python_int(value)) {
    auto x = small(*whole);
    if (!x || __builtin_mul_overflow(*x, scale, &*x)) return std::nullopt;
    return x;
  }
  const auto real = python_float(value);
  if (strict || !real || !(std::abs(*real) < kExact) || scale > 1'000'000'000) return std::nullopt;
  const double x =
      scale == 1 ? std::trunc(*real) : std::nearbyint(*real * static_cast<double>(scale));
  if (std::abs(x) >= kExact) return std::nullopt;
  return static_cast<std::int64_t>(x);
}

// numeric() where all tokens fit a machine word; false: they may not.
bool numeric_small(const Feature& f, std::string_view value, bool strict,
                   std::vector<std::string>& out) {
  constexpr std::int64_t kMost = std::int64_t{1} << 61;
  const auto x = scaled_small(f, value, strict);
  const auto step = small(f.distance);
  const auto resolution = static_cast<std::int64_t>(f.resolution);
  std::int64_t grid = 0;
  std::int64_t reach = 0;
  if (!x || !step || f.resolution > (1U << 20) ||
      __builtin_mul_overflow(*x, 2 * resolution, &grid) ||
      __builtin_mul_overflow(*step, resolution + 1, &reach) || grid > kMost || grid < -kMost ||
      reach > kMost)
    return false;
  const std::int64_t rest = (grid % *step + *step) % *step;
  std::int64_t token =
      (2 * rest < *step ? grid - rest : grid + (*step - rest)) - *step * resolution;
  for (std::int64_t i = 0; i <= 2 * resolution; ++i, token += *step)
    out.push_back(std::to_string(token));
  return true;
}

bool numeric(const Feature& f, std::string_view value, bool strict, std::vector<std::string>& out) {
  if (numeric_small(f, value, strict, out)) return true;
  auto x = scaled(f, value, strict);
  if (!x) return false;
  const Whole step = Whole::from_decimal(f.distance);
  const Whole grid = *x * Whole(2 * f.resolution);
  const Whole rest = grid.mod(step);
  // To the nearest multiple of the step, a half upwards.
  const bool down = rest.is_zero() || rest + rest < step;
  Whole token = (down ? grid - rest : grid + (step - rest)) - step * Whole(f.resolution);
  for (std::uint64_t i = 0; i <= 2 * f.resolution; ++i, token = token + step)
    out.push_back(token.decimal());
  return true;
}

}  // namespace

bool tokenize(const Feature& feature, std::string_view value, bool strict,
              std::vector<std::string>& out) {
  out.clear();
  if (value.empty()) return true;
  switch (feature.comparison) {
    case Comparison::ngram:
      ngrams(feature, value, out);
      return true;
    case Comparison::exact:
      out.emplace_back(value);
      return true;
    case Comparison::numeric:
      return numeric(feature, value, strict, out);
  }
  return true;
}

std::uint64_t bits_of_token(const Feature& feature, std::size_t index, std::size_t count) {
  if (feature.per_token) return feature.bits;
  return feature.bits / count + (index < feature.bits % count ? 1 : 0);
}

}  // namespace tessera::clk
