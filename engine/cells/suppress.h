// Which counts to hide: the small ones, and the fewest others that keep the small ones hidden.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "engine/cells/nesting.h"
#include "engine/cells/sums.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"

namespace tessera::cells {

struct Rule {
  std::int64_t smallest_shown = 10;  // a count below it is hidden (R61)
  std::int64_t narrowest = 10;       // a hidden small count stays at least this uncertain
  bool show_zeros = false;  // a zero says something of everyone in its row: hidden unless asked
};

enum class Mark : std::uint8_t {
  shown,
  small,      // fewer than the rule shows
  protector,  // hidden so that a small one cannot be worked out
};

// What earlier releases of the same tables left open. The lists are parallel to sums.value.
struct Before {
  std::vector<bool> hidden;  // hidden then: stays hidden, or the old table opens
  std::vector<bool> known;   // shown then with today's value: hiding it now hides nothing
  std::vector<bool> moved;   // shown then, and by fewer than smallest_shown different now
  // Today's counts and sums, then those of the earlier releases that today's tables do not have: a
  // reader holds all of them and solves them together. A count that was hidden then has some value
  // that agrees with all else here. Empty: a first release.
  Sums sums;
  std::map<Whom, std::uint32_t> earlier{};  // where the last of those of then stand in `sums`
  std::vector<bool> nowhere{};  // printed in no table; there because two sums have to agree on it
};

struct Pattern {
  std::vector<Mark> mark;              // parallel to Sums::value
  std::vector<Interval> what_is_left;  // what a reader can narrow each hidden count to
};

// Hides small counts, then for each (largest first) the cheapest set of further counts along which
// the table could be shifted by `narrowest` persons without changing what is printed (the linear
// program of Kelly, Golden and Assad 1992; a count costs its persons, a total four times as
// much), and at the end proves every small count's bounds with an Attacker. So is each count that
// an earlier release hid and left as uncertain as the rule wants: today's and the earlier tables
// together leave it so. Error limit if no set of counts protects one of them. Deterministic. Time:
// one small linear program per hidden small count, two for the proof; four for an earlier one.
Result<Pattern> suppress(const Sums& sums, const Rule& rule, const Before& before,
                         Progress& progress);

}  // namespace tessera::cells
