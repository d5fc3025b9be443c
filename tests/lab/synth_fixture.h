// A synthetic state of 50,000 students, made once for the tests of the laboratory's generator.
#pragma once

#include <cmath>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "engine/lab/synth.h"

namespace tessera::lab::test {

inline const NameTables& tables() {
  static const auto loaded = NameTables::load(TESSERA_DATA "/synthetic/names");
  REQUIRE(loaded.has_value());
  return *loaded;
}

inline Shape big_shape() {
  Shape shape;
  shape.seed = 11;
  shape.students = 50000;
  shape.years = 3;
  shape.districts = 20;
  shape.colleges = 2;
  shape.nights = 3;
  return shape;
}

struct Big {
  State state{tables(), big_shape(), 1.0, 0.5};
  std::vector<Spell> spells;
  Big() {
    Silent silent;
    spells = state.spells(silent);
  }
};
inline const Big& big() {
  static const Big made;
  return made;
}

// Whether `hits` of `tries` fits a rate: within five standard deviations and a tenth of it.
inline bool fits(double hits, double tries, double rate, double slack = 0.1) {
  const double expected = tries * rate, sd = std::sqrt(tries * rate * (1 - rate)) + 1;
  return std::abs(hits - expected) <= 5 * sd + slack * expected;
}

}  // namespace tessera::lab::test
