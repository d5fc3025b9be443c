// P1 and P2: what equal values, frequent values and frequent patterns give away.
#include <cmath>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "engine/attack/frequency.h"
#include "engine/attack/pattern.h"
#include "engine/attack/seen.h"
#include "engine/attack/stolen.h"
#include "engine/attack/trial.h"
#include "engine/attack/weak.h"
#include "engine/lab/synth_stream.h"

namespace tessera::attack {
namespace {

constexpr double kMostNamed = 0.001;       // P1, of records
constexpr double kFirstNames = 0.02;       // P1, control, of records by their first name
constexpr double kBitsRight = 0.95;        // P2, control
constexpr double kExactFirstNames = 0.20;  // P2, control

std::vector<std::string> values_of(std::span<const record::Fields> people, std::size_t field) {
  std::vector<std::string> out;
  for (const record::Fields& f : people) out.push_back(plain_value(f, field));
  return out;
}

// How many distinct bigrams set so many bits of 1024, ten each.
std::uint32_t bigrams_of(std::uint32_t set_bits) {
  constexpr double kBits = 1024, kEach = 10;
  const double draws = std::log1p(-static_cast<double>(set_bits) / kBits) / std::log1p(-1 / kBits);
  return static_cast<std::uint32_t>(std::lround(draws / kEach));
}

std::uint64_t number_of(std::span<const std::uint8_t> bytes) {
  std::uint64_t n = bytes.size();
  for (const std::uint8_t b : bytes) n = lab::mix(n, b);
  return n;
}

// The block key behind each row, as text; "" for dummies. The members of a larger block have its
// key in common; a lone row takes one of its record's keys that no other row explains.
std::vector<std::string> keys_behind(const SeenPass& pass,
                                     const std::vector<std::vector<std::uint64_t>>& keys) {
  std::vector<std::string> out(pass.rows());
  std::vector<std::vector<std::uint64_t>> left = keys;
  const auto take = [&](std::size_t row, std::uint64_t key) {
    std::erase(left[pass.record[row]], key);
    out[row] = fmt::format("{:016x}", key);
  };
  for (const bool large : {true, false})
    for (std::size_t b = 0; b < pass.blocks(); ++b) {
      if ((pass.size(b) > 1) != large) continue;
      std::map<std::uint64_t, std::size_t> votes;
      for (std::uint32_t row = pass.first[b]; row < pass.first[b + 1]; ++row)
        for (const std::uint64_t k : left[pass.record[row]]) ++votes[k];
      std::uint64_t key = 0;
      std::size_t most = 0;
      for (const auto& [k, n] : votes)
        if (n > most) {
          most = n;
          key = k;
        }
      for (std::uint32_t row = pass.first[b]; most > 0 && row < pass.first[b + 1]; ++row)
        take(row, key);
    }
  return out;
}

void add_aligned(Trial& trial, Finding finding, const Aligned& a) {
  finding.pooled = true;
  finding.chance = a.chance;
  trial.add_share(finding, a.records_right, a.records);
  finding.attack += ", any order of names (chance)";
  finding.bar.reset();
  trial.add_share(finding, static_cast<std::uint64_t>(a.chance + 0.5), a.records);
}

// Slots of a name: equal filters under equal field keys are equal names, inside a block.
Aligned align_slot(const SeenPass& pass, const schema::Slot& slot,
                   std::span<const record::Fields> victims, std::span<const std::string> sample,
                   std::uint64_t seed) {
  std::vector<std::uint64_t> codes;
  std::vector<std::string> truth;
  for (std::size_t row = 0; row < pass.rows(); ++row) {
    codes.push_back(number_of({pass.bits(row) + slot.offset, slot.bits / 8}));
    truth.push_back(plain_value(victims[pass.record[row]], slot.field));
  }
  return align_by_rank(codes, truth, sample, seed);
}

}  // namespace

Result<void> try_frequency(Trial& trial) {
  const std::uint32_t n = trial.plan.sizes.frequency;
  TESSERA_TRY(auto victims, trial.people(n));
  TESSERA_TRY(const auto sample, trial.people(n, n));
  std::string setting = fmt::format("{} people, disjoint sample", n);
  if (const double fakes = trial.plan.decoys;
      fakes > 0) {  // records like any other, also in counts
    victims = overlap_of(trial.schema, victims, 1, fakes, trial.seed).victims;
    setting += fmt::format(", {:.0f} % decoys", 100 * fakes);
  }
  const Seen seen = look_at(trial.schema, victims, trial.seed, trial.progress);
  const KeysOf keys = keys_of(trial.schema, victims), known = keys_of(trial.schema, sample);
  for (std::size_t p = 0; p < seen.passes.size(); ++p) {
    const SeenPass& pass = seen.passes[p];
    std::vector<std::uint64_t> codes;
    for (std::uint64_t b = 0; b < pass.blocks(); ++b) codes.insert(codes.end(), pass.size(b), b);
    std::vector<std::string> likely;
    for (const auto& person : known.of[p])
      for (const std::uint64_t k : person) likely.push_back(fmt::format("{:016x}", k));
    add_aligned(trial,
                {.id = "P1",
                 .attack = "tags of " + trial.schema.passes[p].name,
                 .target = trial.schema.name,
                 .setting = setting,
                 .bar = kMostNamed},
                align_by_rank(codes, keys_behind(pass, keys.of[p]), likely, trial.seed));
  }
  for (const schema::Slot& slot : seen.passes.front().layout.slots) {
    if (slot.holds != schema::Holds::filter) continue;
    add_aligned(
        trial,
        {.id = "P1",
         .attack = "filters of " + trial.schema.fields[slot.field].name,
         .target = trial.schema.name,
         .setting = setting,
         .bar = kMostNamed},
        align_slot(seen.passes.front(), slot, victims, values_of(sample, slot.field), trial.seed));
  }
  const auto first = trial.schema.field(schema::Kind::given_name);
  if (!trial.plan.control || !first) return {};
  const auto truth = values_of(victims, *first);
  TESSERA_TRY(const bits::Matrix filters, value_filters(truth, trial.seed));
  std::vector<std::uint64_t> codes;
  for (std::size_t i = 0; i < filters.rows(); ++i)
    codes.push_back(
        number_of({reinterpret_cast<const std::uint8_t*>(filters.row(i)), filters.words() * 8}));
  // Set bits tell the number of bigrams, so only names of as many compete for a filter.
  const auto likely = values_of(sample, *first);
  std::vector<std::uint32_t> shows, sample_shows;
  for (std::size_t i = 0; i < filters.rows(); ++i) shows.push_back(bigrams_of(filters.count(i)));
  for (const std::string& v : likely)
    sample_shows.push_back(static_cast<std::uint32_t>(bigrams(v).size()));
  const Aligned a = align_by_rank({codes, shows}, truth, likely, sample_shows, trial.seed);
  trial.add_share({.id = "P1",
                   .attack = "first-name values",
                   .target = "per-field",
                   .setting = setting,
                   .control = true},
                  a.values_right, a.values);
  trial.add_share({.id = "P1",
                   .attack = "records by first name",
                   .target = "per-field",
                   .setting = setting,
                   .bar = kFirstNames,
                   .control = true},
                  a.records_right, a.records);
  return {};
}

Result<void> try_patterns(Trial& trial) {
  const std::uint32_t n = trial.plan.sizes.pattern;
  const auto first = trial.schema.field(schema::Kind::given_name);
  if (!first) return {};
  TESSERA_TRY(const auto people, trial.people(n));
  const auto values = values_of(people, *first);
  const std::string setting = fmt::format("{} people, overlap 1.0", n);
  const auto score = [&](const std::string& target, const bits::Matrix& filters,
                         std::span<const std::string> truth, bool control) {
    const Mined mined = mine_patterns(filters, values, {});
    const PatternScore s = judge(mined, filters, truth, values);
    Finding f{.id = "P2", .target = target, .setting = setting, .control = control};
    f.attack = "bits given their bigram";
    f.bar = control ? kBitsRight : 0.0;
    // A target's bar is on the number of bits located, right or not by chance.
    trial.add_share(f, s.bits_right, std::max<std::uint64_t>(s.bits, 1));
    f.attack = "bigrams found";
    f.bar.reset();
    f.success = static_cast<double>(mined.grams.size());
    trial.add(f);
    f.attack = "values named exactly";
    f.bar = control ? kExactFirstNames : 0.0;
    trial.add_share(f, s.exact, s.rows);
  };
  const Seen seen = look_at(trial.schema, people, trial.seed, trial.progress);
  const SeenPass& pass = seen.passes.front();
  const schema::Slot* slot = pass.layout.find(*first, schema::Holds::filter);
  if (slot != nullptr) {
    bits::Matrix filters(pass.rows(), slot->bits);
    std::vector<std::string> truth;
    for (std::size_t row = 0; row < pass.rows(); ++row) {
      filters.set_row(row, {pass.bits(row) + slot->offset, slot->bits / 8});
      truth.push_back(values[pass.record[row]]);
    }
    score(trial.schema.name, filters, truth, false);
  }
  if (!trial.plan.control) return {};
  TESSERA_TRY(const bits::Matrix filters, value_filters(values, trial.seed));
  score("per-field", filters, values, true);
  return {};
}

}  // namespace tessera::attack
