#include "engine/cells/suppress.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <coin/ClpSimplex.hpp>
#include <coin/CoinPackedMatrix.hpp>

#include "engine/cells/attacker.h"

namespace tessera::cells {
namespace {

constexpr double kMoved = 1e-6;        // a shift below it is none
constexpr double kTotalCosts = 4;      // readers miss a total more than a part
constexpr double kHiddenCosts = 1e-4;  // next to nothing, but shorter ways win

bool is_small(std::int64_t value, const Rule& rule) {
  return value < rule.smallest_shown && !(value == 0 && rule.show_zeros);
}

// Shifts of the whole table that keep every sum: two columns for each count, up and down.
class Shifts {
 public:
  Shifts(const Sums& sums, const Before& before) : sums_(sums) {
    const auto n = static_cast<int>(sums.value.size());
    std::vector<int> row;
    std::vector<int> column;
    std::vector<double> element;
    int rows = 0;
    const auto put = [&](std::uint32_t cell, double sign) {
      for (const double way : {1.0, -1.0}) {
        row.push_back(rows);
        column.push_back(static_cast<int>(2 * cell) + (way < 0 ? 1 : 0));
        element.push_back(sign * way);
      }
    };
    for (const Relation& r : sums.relations) {
      put(r.total, -1);
      for (const std::uint32_t part : r.parts) put(part, 1);
      ++rows;
    }
    CoinPackedMatrix matrix(false, row.data(), column.data(), element.data(),
                            static_cast<CoinBigIndex>(element.size()));
    matrix.setDimensions(rows, 2 * n);
    std::vector<double> low(static_cast<std::size_t>(2 * n), 0.0);
    std::vector<double> high(static_cast<std::size_t>(2 * n), 0.0);
    std::vector<double> cost(static_cast<std::size_t>(2 * n), 0.0);
    for (std::size_t i = 0; i < sums.value.size(); ++i) {
      const bool fixed = !before.known.empty() && before.known[i];
      high[2 * i] = fixed ? 0 : static_cast<double>(kUnbounded);
      high[2 * i + 1] = fixed ? 0 : static_cast<double>(sums.value[i]);
      set_cost(cost, i, false);
    }
    const std::vector<double> zero(static_cast<std::size_t>(rows), 0.0);
    program_.setLogLevel(0);
    program_.loadProblem(matrix, low.data(), high.data(), cost.data(), zero.data(), zero.data());
  }

  void hide(std::uint32_t cell) {
    program_.setObjectiveCoefficient(static_cast<int>(2 * cell), kHiddenCosts);
    program_.setObjectiveCoefficient(static_cast<int>(2 * cell + 1), kHiddenCosts);
  }

  // The counts of the cheapest shift that raises or lowers `cell` by `by`; empty if there is none.
  std::vector<std::uint32_t> raise(std::uint32_t cell, std::int64_t by) {
    return move(static_cast<int>(2 * cell), static_cast<int>(2 * cell + 1), by);
  }
  std::vector<std::uint32_t> lower(std::uint32_t cell, std::int64_t by) {
    if (sums_.value[cell] < by) return {};
    return move(static_cast<int>(2 * cell + 1), static_cast<int>(2 * cell), by);
  }

 private:
  // The column `there` by just so much, and `back` not at all.
  std::vector<std::uint32_t> move(int there, int back, std::int64_t by) {
    const double most_there = program_.columnUpper()[there];
    const double most_back = program_.columnUpper()[back];
    if (most_there == 0) return {};  // known
    program_.setColumnBounds(there, static_cast<double>(by), static_cast<double>(by));
    program_.setColumnBounds(back, 0, 0);
    program_.primal();
    std::vector<std::uint32_t> touched;
    if (program_.status() == 0)
      for (std::uint32_t i = 0; i < sums_.value.size(); ++i)
        if (program_.primalColumnSolution()[2 * i] > kMoved ||
            program_.primalColumnSolution()[2 * i + 1] > kMoved)
          touched.push_back(i);
    program_.setColumnBounds(there, 0, most_there);
    program_.setColumnBounds(back, 0, most_back);
    return touched;
  }
  void set_cost(std::vector<double>& cost, std::size_t i, bool hidden) {
    const double persons = 1 + static_cast<double>(sums_.value[i]);
    const double each = hidden ? kHiddenCosts : persons * (sums_.is_total[i] ? kTotalCosts : 1);
    cost[2 * i] = cost[2 * i + 1] = each;
  }
  const Sums& sums_;
  ClpSimplex program_;
};

std::vector<bool> hidden_of(const Pattern& pattern) {
  std::vector<bool> hidden(pattern.mark.size());
  for (std::size_t i = 0; i < hidden.size(); ++i) hidden[i] = pattern.mark[i] != Mark::shown;
  return hidden;
}

// To a reader of the earlier release a count it showed, unchanged, is not hidden by hiding it now.
std::vector<bool> unknown_of(const Pattern& pattern, const Before& before) {
  std::vector<bool> hidden = hidden_of(pattern);
  for (std::size_t i = 0; i < before.known.size(); ++i)
    if (before.known[i]) hidden[i] = false;
  return hidden;
}

// Marks of the counts of all releases; those from `today` on are the earlier ones' own.
Pattern first_marks(const Sums& sums, std::size_t today, const Rule& rule, const Before& before) {
  Pattern pattern;
  pattern.mark.assign(sums.value.size(), Mark::shown);
  pattern.what_is_left.resize(sums.value.size());
  for (std::size_t i = 0; i < sums.value.size(); ++i) {
    const bool known = !before.known.empty() && before.known[i];
    if (i < today && is_small(sums.value[i], rule) && !known)
      pattern.mark[i] = Mark::small;
    else if (!before.moved.empty() && before.moved[i])
      pattern.mark[i] = Mark::small;  // the difference to the earlier release is a small count
    else if ((!before.hidden.empty() && before.hidden[i]) ||
             (!before.nowhere.empty() && before.nowhere[i]))
      pattern.mark[i] = Mark::protector;
  }
  return pattern;
}

// Counts that the earlier releases hid and left as uncertain as the rule wants: the small ones of
// then are among them, and today's tables must not narrow them.
std::vector<std::uint32_t> left_open_before(const Sums& sums, const Rule& rule,
                                            const Before& before) {
  std::vector<std::uint32_t> open;
  std::vector<bool> unknown(sums.value.size());
  for (std::size_t i = 0; i < before.known.size(); ++i) unknown[i] = !before.known[i];
  Attacker reader(sums, unknown);
  for (std::uint32_t i = 0; i < before.hidden.size(); ++i)
    if (before.hidden[i] && reader.bounds(i).width() >= rule.narrowest) open.push_back(i);
  return open;
}

Error no_way() {
  return {ErrorCode::limit,
          "a count below the smallest shown cannot be kept from readers of these tables "
          "and of the releases before them: join rows or columns, or leave a table out",
          ""};
}

void hide(const std::vector<std::uint32_t>& way, Shifts& shifts, Pattern& pattern) {
  for (const std::uint32_t i : way)
    if (pattern.mark[i] == Mark::shown) {
      pattern.mark[i] = Mark::protector;
      shifts.hide(i);
    }
}

}  // namespace

Result<Pattern> suppress(const Sums& own, const Rule& rule, const Before& before,
                         Progress& progress) {
  const std::size_t today = own.value.size();
  const Sums& sums = before.sums.value.empty() ? own : before.sums;
  Pattern pattern = first_marks(sums, today, rule, before);
  std::vector<std::uint32_t> small;
  for (std::uint32_t i = 0; i < sums.value.size(); ++i)
    if (pattern.mark[i] == Mark::small) small.push_back(i);
  std::stable_sort(small.begin(), small.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return sums.value[a] > sums.value[b]; });
  Shifts shifts(sums, before);
  for (std::uint32_t i = 0; i < sums.value.size(); ++i)
    if (pattern.mark[i] != Mark::shown) shifts.hide(i);
  const std::vector<std::uint32_t> of_before = left_open_before(sums, rule, before);
  progress.begin("protecting small counts", 2 * (small.size() + of_before.size()), "counts");
  for (const std::uint32_t cell : small) {
    const std::vector<std::uint32_t> way = shifts.raise(cell, rule.narrowest);
    if (way.empty()) return no_way();
    hide(way, shifts, pattern);
    progress.advance(1);
  }
  // What an earlier release left open costs further counts only where today's tables would close
  // it. It may be a large count, so either way will do; the proof below decides.
  if (!of_before.empty()) {
    Attacker reader(sums, unknown_of(pattern, before));
    for (const std::uint32_t cell : of_before) {
      if (reader.bounds(cell).width() < rule.narrowest) {
        const std::vector<std::uint32_t> way = shifts.raise(cell, rule.narrowest);
        hide(way.empty() ? shifts.lower(cell, rule.narrowest) : way, shifts, pattern);
      }
      progress.advance(1);
    }
  }
  Attacker attacker(sums, unknown_of(pattern, before));
  std::vector<bool> must_stay(sums.value.size());
  for (const std::uint32_t i : of_before) must_stay[i] = true;
  for (std::uint32_t i = 0; i < sums.value.size(); ++i) {
    if (pattern.mark[i] == Mark::shown) continue;
    pattern.what_is_left[i] = attacker.bounds(i);
    if (pattern.mark[i] != Mark::small && !must_stay[i]) continue;
    if (pattern.what_is_left[i].width() < rule.narrowest)
      return pattern.mark[i] == Mark::small
                 ? Error{ErrorCode::limit,
                         "the proof failed: a hidden count can be narrowed further than the rule "
                         "allows",
                         ""}
                 : no_way();
    progress.advance(1);
  }
  pattern.mark.resize(today);
  pattern.what_is_left.resize(today);
  return pattern;
}

}  // namespace tessera::cells
