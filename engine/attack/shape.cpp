// Correlations, evenness, orders, and the area under a curve.
#include "engine/attack/shape.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>

#include "engine/attack/weak.h"
#include "engine/core/random.h"

namespace tessera::attack {
namespace {

double slot_weight(const SeenPass& pass, std::size_t row, const schema::Slot& slot) {
  int bits = 0;
  for (std::uint32_t i = 0; i < slot.bits / 8; ++i)
    bits += std::popcount(static_cast<unsigned>(pass.bits(row)[slot.offset + i]));
  return bits;
}

double shared_bits(const Seen& one, std::uint32_t a, const Seen& other, std::uint32_t b) {
  double best = 0;
  for (std::size_t p = 0; p < one.passes.size(); ++p) {
    const Seen::Rows &x = one.rows_of[p], &y = other.rows_of[p];
    for (std::uint32_t i = x.start[a]; i < x.start[a + 1]; ++i)
      for (std::uint32_t j = y.start[b]; j < y.start[b + 1]; ++j) {
        const std::uint8_t *u = one.passes[p].bits(x.list[i]), *v = other.passes[p].bits(y.list[j]);
        int shared = 0;
        for (std::uint32_t k = 0; k < one.passes[p].columns.stride; ++k)
          shared += std::popcount(static_cast<unsigned>(u[k] & v[k]));
        best = std::max(best, static_cast<double>(shared));
      }
  }
  return best;
}

std::uint32_t presence(const Seen& seen, std::uint32_t r) {
  for (std::size_t p = 0; p < seen.passes.size(); ++p)
    if (seen.rows_of[p].start[r] < seen.rows_of[p].start[r + 1])
      return seen.passes[p].columns.presence[seen.rows_of[p].list[seen.rows_of[p].start[r]]];
  return 0;
}

std::vector<std::uint32_t> entries(const Seen& seen, std::uint32_t r) {
  std::vector<std::uint32_t> out;
  for (const Seen::Rows& rows : seen.rows_of) out.push_back(rows.start[r + 1] - rows.start[r]);
  return out;
}

}  // namespace

double correlation(std::span<const double> a, std::span<const double> b) {
  const auto n = static_cast<double>(a.size());
  if (a.size() < 2) return 0;
  const double ma = std::accumulate(a.begin(), a.end(), 0.0) / n;
  const double mb = std::accumulate(b.begin(), b.end(), 0.0) / n;
  double ab = 0, aa = 0, bb = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) * (a[i] - ma);
    bb += (b[i] - mb) * (b[i] - mb);
  }
  return aa < 1e-9 || bb < 1e-9 ? 0 : ab / std::sqrt(aa * bb);
}

double length_correlation(const schema::Schema& schema, const Seen& seen,
                          std::span<const record::Fields> people) {
  double worst = 0;
  for (const SeenPass& pass : seen.passes)
    for (const schema::Slot& slot : pass.layout.slots) {
      if (slot.holds != schema::Holds::filter) continue;
      if (slot.field >= schema.fields.size()) continue;
      std::vector<double> weight, length;
      for (std::size_t row = 0; row < pass.rows(); ++row) {
        const std::string value = plain_value(people[pass.record[row]], slot.field);
        if (value.empty()) continue;
        weight.push_back(slot_weight(pass, row, slot));
        length.push_back(static_cast<double>(value.size()));
      }
      worst = std::max(worst, std::abs(correlation(weight, length)));
    }
  return worst;
}

double entries_correlation(const schema::Schema& schema, const Seen& seen,
                           std::span<const record::Fields> people) {
  std::vector<double> count, parts;
  for (std::uint32_t r = 0; r < seen.records; ++r) {
    const auto per_pass = entries(seen, r);
    count.push_back(std::accumulate(per_pass.begin(), per_pass.end(), 0.0));
    double n = 0;
    for (std::size_t f = 0; f < schema.fields.size(); ++f)
      for (const record::Name& name : people[r].values[f].names)
        n += static_cast<double>(name.parts.size());
    parts.push_back(n);
  }
  return std::abs(correlation(count, parts));
}

double byte_evenness(std::span<const std::uint64_t> values, unsigned shift) {
  std::array<double, 256> count{};
  for (const std::uint64_t v : values) ++count[v >> shift & 255];
  const double expected = static_cast<double>(values.size()) / 256;
  double chi = 0;
  for (const double c : count) chi += (c - expected) * (c - expected) / expected;
  constexpr double kFree = 255, kNinth = 2 / (9 * kFree);
  return (std::cbrt(chi / kFree) - (1 - kNinth)) / std::sqrt(kNinth);
}

double order_kept(const SeenPass& pass) {
  std::vector<double> place, person;
  for (std::size_t row = 0; row < pass.rows(); ++row) {
    place.push_back(static_cast<double>(row));
    person.push_back(pass.record[row]);
  }
  return correlation(place, person) * std::sqrt(static_cast<double>(place.size()) - 1);
}

double area_under_curve(std::vector<double> same, std::vector<double> different) {
  if (same.empty() || different.empty()) return 0.5;
  std::ranges::sort(different);
  double sum = 0;
  for (const double s : same) {
    const auto below = std::ranges::lower_bound(different, s) - different.begin();
    const auto upto = std::ranges::upper_bound(different, s) - different.begin();
    sum += static_cast<double>(below + upto) / 2;
  }
  return sum / static_cast<double>(same.size()) / static_cast<double>(different.size());
}

double linkable(const Seen& one, const Seen& other, Clue clue, std::uint64_t seed) {
  const auto score = [&](std::uint32_t a, std::uint32_t b) {
    if (clue == Clue::bits) return shared_bits(one, a, other, b);
    if (clue == Clue::presence) return presence(one, a) == presence(other, b) ? 1.0 : 0.0;
    return entries(one, a) == entries(other, b) ? 1.0 : 0.0;
  };
  Splitmix rng(seed, 61);
  std::vector<double> same, different;
  for (std::uint32_t r = 0; r < one.records; ++r) {
    same.push_back(score(r, r));
    const auto s = static_cast<std::uint32_t>(rng.below(one.records));
    if (s != r) different.push_back(score(r, s));
  }
  return area_under_curve(std::move(same), std::move(different));
}

}  // namespace tessera::attack
