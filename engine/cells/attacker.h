// What a reader who can add and subtract learns of hidden counts: exact bounds by linear programs.
#pragma once

#include <memory>
#include <vector>

#include "engine/cells/sums.h"

namespace tessera::cells {

// A reader who sees every count but the hidden ones, and knows that counts are not negative.
// Method: each hidden count is minimised and maximised subject to the sums (the audit of Fellegi
// 1972; NCES 2011-603 asks for it in effect), by COIN-OR Clp. Not thread safe.
class Attacker {
 public:
  // `hidden` is parallel to sums.value. Copies what it needs.
  Attacker(const Sums& sums, const std::vector<bool>& hidden);
  ~Attacker();
  Attacker(Attacker&&) noexcept;
  Attacker& operator=(Attacker&&) noexcept;
  Attacker(const Attacker&) = delete;
  Attacker& operator=(const Attacker&) = delete;

  // Bounds of one hidden count, rounded inward to whole persons. A count that is not hidden is
  // known: both ends are its value. high is kUnbounded where no sum limits it.
  Interval bounds(std::uint32_t cell);
  // Values of all counts, the hidden ones chosen so that every sum holds; empty if none do.
  std::vector<std::int64_t> some_values();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tessera::cells
