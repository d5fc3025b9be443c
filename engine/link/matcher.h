// The one interface of the engine: how evidence becomes a logit.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/link/levels.h"
#include "engine/schema/schema.h"

namespace tessera::link {

// Logits are whole tenths of a nat everywhere after the matcher, so that the plain and the split
// deployment decide alike. Clamped to [-400, 400].
using Decinats = std::int16_t;
inline constexpr Decinats kSurest = 400;

// What the first scan counted in one pass.
struct PassCounts {
  std::vector<std::uint64_t> pairs;  // per pattern
  std::uint64_t compared = 0;        // sum of `pairs`
  std::uint64_t entries = 0;
};

// What a matcher may know of the run besides the counts.
struct RunSize {
  std::uint64_t records = 0;           // taking part
  std::uint64_t possible_matches = 0;  // no more true pairs than this can exist
  bool within = false;    // pairs inside a file: a twin meets no rival that is the person itself
  bool met_only = false;  // no logit is asked for but those of patterns that the counts hold
};

// Log probabilities under the three classes of a mixture: match, relative, stranger.
using ClassLogs = std::array<double, 3>;

// What the logits of a pass are made of, so that a decision can be taken apart (link/explain.h).
struct PassEvidence {
  std::vector<ClassLogs> log_share;               // per stratum, before any field is looked at
  std::vector<std::vector<ClassLogs>> log_level;  // per digit and level; zeros where it is silent
};

struct Fit {
  // Per pass and pattern; prior of the pass included. Of RunSize::met_only: what was not met may be
  // -kSurest.
  std::vector<std::vector<Decinats>> logit;
  std::vector<double> expected_matches;  // per pass, estimated
  std::vector<PassEvidence> evidence;    // per pass; empty if the matcher has no such parts
  std::vector<std::string> notes;        // what was rejected and why, for the run's report
};

// Turns counted patterns into one logit per pass and pattern. Implementations hold no state of a
// run: fit() may be called from several threads.
class Matcher {
 public:
  virtual ~Matcher() = default;
  virtual Result<Fit> fit(const schema::Schema& schema, std::span<const Comparator> comparators,
                          std::span<const PassCounts> counts, const RunSize& size) const = 0;
  // Probability from which a link may be made without a person, and from which a person should
  // look.
  virtual double automatic() const = 0;
  virtual double review() const = 0;
};

}  // namespace tessera::link
