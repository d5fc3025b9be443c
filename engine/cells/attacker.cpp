#include "engine/cells/attacker.h"

#include <algorithm>
#include <cmath>

#include <coin/ClpSimplex.hpp>
#include <coin/CoinPackedMatrix.hpp>

namespace tessera::cells {

namespace {

constexpr double kSlack = 1e-6;  // far above Clp's tolerance, far below a person

}  // namespace

struct Attacker::State {
  std::vector<std::int64_t> value;
  std::vector<int> column;  // of each cell in the program; -1 for those shown
  ClpSimplex program;
};

Attacker::Attacker(const Sums& sums, const std::vector<bool>& hidden)
    : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.value = sums.value;
  s.column.assign(sums.value.size(), -1);
  int columns = 0;
  for (std::size_t i = 0; i < hidden.size(); ++i)
    if (hidden[i]) s.column[i] = columns++;
  std::vector<int> at_row;
  std::vector<int> at_column;
  std::vector<double> element;
  std::vector<double> side;
  for (const Relation& r : sums.relations) {
    const int row = static_cast<int>(side.size());
    double known = 0;
    bool open = false;
    const auto put = [&](std::uint32_t cell, double sign) {
      if (s.column[cell] < 0) {
        known -= sign * static_cast<double>(s.value[cell]);
        return;
      }
      open = true;
      at_row.push_back(row);
      at_column.push_back(s.column[cell]);
      element.push_back(sign);
    };
    put(r.total, -1);
    for (const std::uint32_t part : r.parts) put(part, 1);
    if (open) side.push_back(known);
  }
  const CoinPackedMatrix matrix(false, at_row.data(), at_column.data(), element.data(),
                                static_cast<CoinBigIndex>(element.size()));
  s.program.setLogLevel(0);
  s.program.resize(static_cast<int>(side.size()), columns);
  CoinPackedMatrix sized(matrix);
  sized.setDimensions(static_cast<int>(side.size()), columns);
  const std::vector<double> low(static_cast<std::size_t>(columns), 0.0);
  const std::vector<double> high(static_cast<std::size_t>(columns),
                                 static_cast<double>(kUnbounded));
  const std::vector<double> cost(static_cast<std::size_t>(columns), 0.0);
  s.program.loadProblem(sized, low.data(), high.data(), cost.data(), side.data(), side.data());
}

Attacker::~Attacker() = default;
Attacker::Attacker(Attacker&&) noexcept = default;
Attacker& Attacker::operator=(Attacker&&) noexcept = default;

Interval Attacker::bounds(std::uint32_t cell) {
  State& s = *state_;
  const int column = s.column[cell];
  if (column < 0) return {s.value[cell], s.value[cell]};
  const auto reach = [&](double sign) {
    s.program.setObjectiveCoefficient(column, sign);
    s.program.primal();  // starts from the last answer: only the aim has changed
    const double at = s.program.primalColumnSolution()[column];
    s.program.setObjectiveCoefficient(column, 0);
    return at;
  };
  const auto low = static_cast<std::int64_t>(std::ceil(reach(1) - kSlack));
  const auto high = static_cast<std::int64_t>(std::floor(reach(-1) + kSlack));
  return {std::max<std::int64_t>(low, 0), std::min(high, kUnbounded)};
}

std::vector<std::int64_t> Attacker::some_values() {
  State& s = *state_;
  s.program.primal();
  if (s.program.status() != 0) return {};
  std::vector<std::int64_t> values = s.value;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (s.column[i] >= 0) values[i] = std::llround(s.program.primalColumnSolution()[s.column[i]]);
  return values;
}

}  // namespace tessera::cells
