// What decisions would change if a field were not collected: the same pairs, scored once more with
// that field missing and the passes keyed by it gone.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "engine/link/pipeline.h"

namespace tessera::link {

// What a pair's logit says by itself, before other candidates compete with it.
enum class Verdict : std::uint8_t { none = 0, review = 1, automatic = 2 };

// pairs[with][without]: how many went from one verdict to the other. [none][none] is not counted.
struct Turns {
  std::array<std::array<std::int64_t, 3>, 3> pairs{};
  std::int64_t compared = 0;  // automatic with the fields, and both sides had a value of one of
                              // them in the pass that was strongest
  std::int64_t with(Verdict verdict) const;
  std::int64_t turned(Verdict with, Verdict without) const {
    return pairs[static_cast<std::size_t>(with)][static_cast<std::size_t>(without)];
  }
};
struct Need {
  std::vector<std::size_t> fields;  // of the schema, that are left out together
  std::vector<std::size_t> passes;  // keyed by one of them: they could not be
  std::vector<Turns> turns;         // by label
};

// A matcher that sees every pair as if those fields were missing on both sides, and finds nothing
// in passes keyed by them. Rates and priors stay those of `whole`, which must outlive it.
std::unique_ptr<Matcher> without_fields(const Matcher& whole, std::vector<std::size_t> fields);

// One Need for each set of fields. label(a, b) tells kinds of pairs apart: below `labels`. Scores
// the run once, and once more for each set; a pure function of the run and the matcher. REQUIRES:
// fields of run.schema.
Result<std::vector<Need>> necessity(
    const Run& run, const Matcher& matcher, std::span<const std::vector<std::size_t>> sets,
    std::size_t labels, const std::function<std::size_t(std::uint32_t, std::uint32_t)>& label,
    Progress& progress);

}  // namespace tessera::link
