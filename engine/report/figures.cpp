#include "engine/report/figures.h"

#include <cmath>

#include <fmt/format.h>

namespace tessera::report {

std::string whole(std::uint64_t n) {
  const std::string digits = fmt::format("{}", n);
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out.push_back(',');
    out.push_back(digits[i]);
  }
  return out;
}

std::string share(double x) {
  if (!std::isfinite(x)) return "-";
  // Rounding must never turn nearly perfect into perfect, nor rare into never.
  if (x < 1 && x >= 0.99995) return x > 0.9999995 ? ">0.999999" : fmt::format("{:.6f}", x);
  if (x > 0 && x < 0.00005) return x < 0.0000005 ? "<0.000001" : fmt::format("{:.6f}", x);
  return fmt::format("{:.4f}", x);
}

std::string share(std::uint64_t part, std::uint64_t of) {
  return of == 0 ? "-" : share(static_cast<double>(part) / static_cast<double>(of));
}

std::string bounds(const Interval& i) { return share(i.low) + "-" + share(i.high); }
std::string threshold(double p) { return fmt::format("{}", p); }
std::string small(double x) {
  if (!std::isfinite(x)) return "-";
  if (x < 1000) return fmt::format("{:.3g}", x);
  return whole(static_cast<std::uint64_t>(std::llround(x)));
}

}  // namespace tessera::report
