#include "engine/cells/attacker.h"

#include <algorithm>
#include <random>

#include "tests/cells/grids.h"

using namespace tessera::cells;

namespace {

// The plain reference: tries every table of small counts that agrees with what is shown.
class EveryTable {
 public:
  EveryTable(const Counted& counted, const std::vector<bool>& hidden)
      : sums_(counted.sums), hidden_(hidden), value_(counted.sums.value) {
    for (std::uint32_t i = 0; i < hidden.size(); ++i)
      if (hidden[i]) open_.push_back(i);
    low_.assign(hidden.size(), 1'000'000);
    high_.assign(hidden.size(), -1);
    try_from(0);
  }
  Interval bounds(std::uint32_t i) const { return {low_[i], high_[i]}; }

 private:
  static constexpr std::int64_t kMost = 30;  // no bounded count in these tests reaches it
  bool agrees() const {
    return std::all_of(sums_.relations.begin(), sums_.relations.end(), [&](const Relation& r) {
      std::int64_t sum = 0;
      for (const std::uint32_t part : r.parts) sum += value_[part];
      return sum == value_[r.total];
    });
  }
  void try_from(std::size_t k) {
    if (k == open_.size()) {
      if (!agrees()) return;
      for (const std::uint32_t i : open_) {
        low_[i] = std::min(low_[i], value_[i]);
        high_[i] = std::max(high_[i], value_[i]);
      }
      return;
    }
    for (std::int64_t v = 0; v <= kMost; ++v) {
      value_[open_[k]] = v;
      try_from(k + 1);
    }
  }
  const Sums& sums_;
  const std::vector<bool>& hidden_;
  std::vector<std::int64_t> value_;
  std::vector<std::uint32_t> open_;
  std::vector<std::int64_t> low_;
  std::vector<std::int64_t> high_;
};

}  // namespace

TEST_CASE("a count hidden alone in its row is worked out") {
  const Counted counted = grid({{7, 20}, {30, 40}});
  std::vector<bool> hidden(counted.sums.value.size());
  hidden[counted.tables[0].at(0, 0)] = true;
  CHECK(Attacker(counted.sums, hidden).bounds(counted.tables[0].at(0, 0)) == Interval{7, 7});
}

TEST_CASE("four hidden counts in a rectangle protect one another") {
  const Counted counted = grid({{7, 20}, {30, 40}});
  const Table& t = counted.tables[0];
  std::vector<bool> hidden(counted.sums.value.size());
  for (const auto& [r, c] : {std::pair{0, 0}, {0, 1}, {1, 0}, {1, 1}})
    hidden[t.at(static_cast<std::size_t>(r), static_cast<std::size_t>(c))] = true;
  Attacker attacker(counted.sums, hidden);
  CHECK(attacker.bounds(t.at(0, 0)) == Interval{0, 27});
  CHECK(attacker.bounds(t.at(1, 1)) == Interval{33, 60});
}

TEST_CASE("what is shown is known, what nothing limits is unbounded") {
  const Counted counted = grid({{7}});
  std::vector<bool> hidden(counted.sums.value.size(), true);
  CHECK(Attacker(counted.sums, hidden).bounds(0) == Interval{0, kUnbounded});
  hidden.assign(hidden.size(), false);
  CHECK(Attacker(counted.sums, hidden).bounds(0) == Interval{7, 7});
}

TEST_CASE("bounds equal those of trying every table, on random small ones") {
  std::mt19937 random(5);
  for (int round = 0; round < 60; ++round) {
    const auto n = [&] { return static_cast<std::int64_t>(random() % 4); };
    const Counted counted = grid({{n(), n(), n()}, {n(), n(), n()}});
    std::vector<bool> hidden(counted.sums.value.size());
    int left = 3;
    for (std::size_t i = 0; i < hidden.size(); ++i)
      if (left > 0 && random() % 3 == 0) {
        hidden[i] = true;
        --left;
      }
    // A total that nothing limits would run past the reference's largest value.
    Attacker attacker(counted.sums, hidden);
    const EveryTable every(counted, hidden);
    for (std::uint32_t i = 0; i < hidden.size(); ++i) {
      if (!hidden[i] || attacker.bounds(i).high > 18) continue;
      CHECK(attacker.bounds(i) == every.bounds(i));
    }
  }
}
