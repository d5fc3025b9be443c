#include "engine/registry/plausible.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace tessera::registry {
namespace {

constexpr std::pair<std::string_view, double> kShares[] = {
    {"dob", 2.1061e-4},
    {"dob + phonetic(first)", 3.8534e-6},
    {"dob + phonetic(last)", 2.7426e-6},
    {"phonetic(first&last)", 2.4807e-4},
    {"phonetic(first&last) + month_day(dob)", 1.3585e-6},
    {"phonetic(first&last) + year(dob)", 1.9577e-5},
    {"phonetic(first&last) + year(dob) + day(dob)", 5.7993e-7},
    {"phonetic(first&last) + year(dob) + month(dob)", 1.4982e-6},
    {"phonetic(first|last) + month_day(dob)", 1.0089e-4},
    {"phonetic(first|last) + year(dob) + day(dob)", 4.7728e-5},
    {"phonetic(first|last) + year(dob) + month(dob)", 1.2330e-4}};

constexpr double kFiveSigma = 2.867e-7;  // 1 - Phi(5)

}  // namespace

std::optional<double> heaviest_share(std::string_view key_text) {
  for (const auto& [key, share] : kShares)
    if (key == key_text) return share;
  return std::nullopt;
}

std::vector<std::optional<double>> heaviest_shares(const schema::Schema& schema) {
  std::vector<std::optional<double>> out;
  for (const schema::Pass& pass : schema.passes) {
    const bool number =
        std::all_of(pass.key.begin(), pass.key.end(), [&](const schema::KeyPart& p) {
          return std::all_of(p.fields.begin(), p.fields.end(), [&](std::size_t f) {
            const schema::Kind kind = schema.fields[f].kind;
            return kind == schema::Kind::ssn || kind == schema::Kind::number;
          });
        });
    out.push_back(number ? std::optional<double>(0) : heaviest_share(pass.text));
  }
  return out;
}

std::uint64_t plausible_records(double share, std::uint64_t enrolment) {
  const double mean = kConcentration * share * static_cast<double>(enrolment);
  auto most = static_cast<std::uint64_t>(std::max(3.0, std::ceil(mean + 5 * std::sqrt(mean))));
  // P(X <= most) of a Poisson count, term by term; large means need no help from it.
  if (mean > 200) return most;
  double term = std::exp(-mean);
  double below = term;
  for (std::uint64_t k = 1; k <= most; ++k) below += term *= mean / static_cast<double>(k);
  while (1 - below > kFiveSigma) {
    ++most;
    below += term *= mean / static_cast<double>(most);
  }
  return most;
}

}  // namespace tessera::registry
