// The synthetic state: writes rosters of several years, with the truth. docs/synthetic-state.md.
#pragma once

#include <cstdint>
#include <string>

#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/lab/synth_copy.h"

namespace tessera::lab {

// A state's people, lives and typing, put together. Immutable; safe to share between threads.
class State {
 public:
  // `names` must outlive it. Its parts refer to each other, so it is neither copied nor moved.
  State(const NameTables& names, const Shape& of, double noise, double ssn_share)
      : rates(scaled_rates(noise)),
        shape(of),
        people(names, rates, shape),
        lives(people, rates, shape),
        typist(names, people, rates, shape, lives.owners(), ssn_share) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  const Rates rates;
  const Shape shape;
  const People people;
  const Lives lives;
  const Typist typist;

  // The spells of everybody, numbered, in the order of number_spells.
  std::vector<Spell> spells(Progress& progress) const;
};

struct SynthOptions {
  Shape shape;
  double noise = 1;  // factor on the error rates
  double ssn_share = Rates{}.provided;
  bool one_roster = true;  // the last district delivers OneRoster folders
  std::string names;       // folder of the name tables
  std::string out;         // folder to make
  bool force = false;      // replace a folder that an earlier run made
};

struct SynthSummary {
  std::uint64_t people = 0;     // who stand on any roster
  std::uint64_t local_ids = 0;  // rows of truth.csv
  std::uint64_t rows = 0;       // roster lines of all files
  std::uint64_t files = 0;
};

// Writes the folder: truth.csv, groups.csv, moves.csv, synth.json, year1/ ... A pure function of
// the options, for any number of threads. It grows under a name of its own and appears whole.
// Memory: 24 bytes per person and roster, and a few megabytes.
Result<SynthSummary> write_state(const SynthOptions& options, Progress& progress);

// Writes a.csv and b.csv of `people` each (13 birth years, no SSN unless ssn_share > 0), of whom
// `overlap` (0..1) stand in both, and truth.csv.
struct PairOptions {
  std::uint32_t people = 1000;
  double overlap = 0.5;
  std::uint64_t seed = 1;
  double noise = 1;
  double ssn_share = 0;
  std::string names, out;
  bool force = false;
};
Result<SynthSummary> write_pair(const PairOptions& options, Progress& progress);

}  // namespace tessera::lab
