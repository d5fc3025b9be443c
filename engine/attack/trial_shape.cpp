// P7, P8 and P9: lengths and orders, two projects, and parts of filters.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "engine/attack/segment.h"
#include "engine/attack/shape.h"
#include "engine/attack/trial.h"
#include "engine/attack/weak.h"

namespace tessera::attack {
namespace {

constexpr double kLength = 0.05;         // P7, absolute correlation
constexpr double kLengthControl = 0.85;  // .92 was measured on names alone
constexpr double kNormal = 3.29;         // two-sided 99.9 %
constexpr double kLinkable = 0.52;       // P8
constexpr double kSegmentControl = 1.0;

double clk_length(const bits::Matrix& rows, std::span<const std::string> values) {
  std::vector<double> weight, length;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].empty()) continue;
    weight.push_back(rows.count(i));
    length.push_back(static_cast<double>(values[i].size()));
  }
  return std::abs(correlation(weight, length));
}

}  // namespace

Result<void> try_shape(Trial& trial) {
  const std::uint32_t n = trial.plan.sizes.shape;
  TESSERA_TRY(const auto people, trial.people(n));
  const Seen seen = look_at(trial.schema, people, trial.seed, trial.progress);
  Finding f{.id = "P7", .target = trial.schema.name};
  f.setting = fmt::format("{} people", n);
  const auto add = [&](std::string attack, double value, std::optional<double> bar) {
    f.attack = std::move(attack);
    f.success = f.bound = value;
    f.bar = bar;
    trial.add(f);
  };
  add("set bits with length, any filter", length_correlation(trial.schema, seen, people), kLength);
  add("number of entries with parts of names", entries_correlation(trial.schema, seen, people),
      kLength);
  double order = 0, even = 0;
  for (const SeenPass& pass : seen.passes) {
    order = std::max(order, std::abs(order_kept(pass)));
    for (const unsigned shift : {0U, 56U})
      even = std::max(even, byte_evenness(pass.columns.handles, shift));
  }
  add("rows in the roster's order, standard deviations", order, kNormal);
  add("handles uneven, standard deviations", even, kNormal);
  const auto first = trial.schema.field(schema::Kind::given_name);
  if (!trial.plan.control || !first) return {};
  std::vector<std::string> values;
  for (const record::Fields& p : people) values.push_back(plain_value(p, *first));
  TESSERA_TRY(const bits::Matrix filters, value_filters(values, trial.seed));
  f.target = "per-field";
  f.control = true;
  add("set bits with length", clk_length(filters, values), kLengthControl);
  return {};
}

Result<void> try_epochs(Trial& trial) {
  const std::uint32_t n = trial.plan.sizes.epochs;
  TESSERA_TRY(const auto people, trial.people(n));
  const Seen one = look_at(trial.schema, people, 2 * trial.seed, trial.progress);
  const Seen other = look_at(trial.schema, people, 2 * trial.seed + 1, trial.progress);
  Finding f{.id = "P8", .target = trial.schema.name};
  f.setting = fmt::format("{} people, two keys", n);
  const auto add = [&](std::string attack, Clue clue, const Seen& again) {
    f.attack = std::move(attack);
    f.success = f.bound = linkable(one, again, clue, trial.seed);
    trial.add(f);
  };
  f.bar = kLinkable;
  add("AUC of bits", Clue::bits, other);
  add("AUC of presence bits", Clue::presence, other);
  add("AUC of the number of entries", Clue::entries, other);
  if (!trial.plan.control) return {};
  f.setting = fmt::format("{} people, one key", n);
  f.target = trial.schema.name + ", same key";
  f.control = true;
  f.bar = 0.999;
  add("AUC of bits", Clue::bits, one);
  return {};
}

Result<void> try_segments(Trial& trial) {
  const auto first = trial.schema.field(schema::Kind::given_name);
  if (!trial.plan.control || !first) return {};
  constexpr std::uint32_t kNames = 1000;
  TESSERA_TRY(const auto people, trial.people(kNames));
  std::vector<std::string> values;
  for (const record::Fields& p : people) values.push_back(plain_value(p, *first));
  std::ranges::sort(values);
  values.erase(std::ranges::unique(values).begin(), values.end());
  TESSERA_TRY(const bits::Matrix filters, value_filters(values, trial.seed));
  const SegmentResult s = segment_attack(filters, values, filters, values, filters.words() / 2);
  Finding f{.id = "P9",
            .attack = "half of each filter shown to a key holder",
            .target = "per-field",
            .control = true};
  f.setting = fmt::format("{} names", values.size());
  f.bar = kSegmentControl;
  trial.add_share(f, s.exact + s.among, s.rows);
  return {};
}

}  // namespace tessera::attack
