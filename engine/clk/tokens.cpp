#include "engine/clk/tokens.h"

#include <cmath>

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

bool numeric(const Feature& f, std::string_view value, bool strict, std::vector<std::string>& out) {
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
