// P5 and P6: what known pairs and a stolen bundle give away.
#include <algorithm>
#include <numeric>
#include <unordered_set>

#include <fmt/format.h>

#include "engine/attack/bought.h"
#include "engine/attack/known_pairs.h"
#include "engine/attack/refine.h"
#include "engine/attack/stolen.h"
#include "engine/attack/trial.h"
#include "engine/attack/weak.h"

namespace tessera::attack {
namespace {

constexpr double kKnownTarget = 0.005;  // P5, outside the pairs' blocks
constexpr double kKnownControl = 0.95;  // at 200 pairs
constexpr double kDiceOver = 0.02;      // of the tokens, over the commonest tokens
constexpr double kOwnSeeds = 0.03;      // P6
constexpr double kQuotaPass = 0.10;
constexpr std::size_t kRead = 400;  // victims read per try

struct Pairs {
  std::vector<std::uint32_t> known, outside, inside;
};

// The first `m` victims are known; of the others, those that share a tag with one are inside.
Pairs split(const Seen& seen, std::size_t m) {
  std::vector<bool> inside(seen.records);
  for (std::size_t p = 0; p < seen.passes.size(); ++p) {
    const SeenPass& pass = seen.passes[p];
    for (std::size_t b = 0; b < pass.blocks(); ++b) {
      bool known = false;
      for (std::uint32_t row = pass.first[b]; row < pass.first[b + 1]; ++row)
        known = known || pass.record[row] < m;
      for (std::uint32_t row = pass.first[b]; known && row < pass.first[b + 1]; ++row)
        inside[pass.record[row]] = true;
    }
  }
  Pairs out;
  for (std::uint32_t r = 0; r < seen.records; ++r)
    (r < m ? out.known : inside[r] ? out.inside : out.outside).push_back(r);
  return out;
}

Table tokens_of(const schema::Schema& schema, std::span<const record::Fields> people) {
  std::vector<std::vector<std::string>> values(people.size());
  const auto digits = std::make_unique<bool[]>(schema.fields.size());
  for (std::size_t f = 0; f < schema.fields.size(); ++f) {
    digits[f] = schema.fields[f].kind == schema::Kind::date;
    for (std::size_t i = 0; i < people.size(); ++i) values[i].push_back(plain_value(people[i], f));
  }
  return token_table(values, {digits.get(), schema.fields.size()});
}

std::string_view name_of(Learner learner) {
  return learner == Learner::ridge ? "ridge regression" : "neural network";
}

void try_learner(Trial& trial, const std::string& target, const Table& encodings,
                 const Table& tokens, const Pairs& pairs, Learner learner, bool control) {
  std::vector<std::uint32_t> victims = pairs.outside;
  if (victims.size() > kRead) victims.resize(kRead);
  const auto r = attack_known_pairs(encodings, tokens, pairs.known, victims, learner, trial.seed);
  Finding f{.id = "P5", .target = target, .control = control};
  f.setting = fmt::format("{} people, {} known pairs", tokens.rows(), pairs.known.size());
  f.attack = fmt::format("{}, person named", name_of(learner));
  if (!control)
    f.bar = kKnownTarget;
  else if (target == attack::name_of(Weak::clk) && learner == Learner::ridge)
    f.bar = kKnownControl;
  trial.add_share(f, r.right, r.victims);
  f.attack = fmt::format("{}, tokens' Dice over the commonest", name_of(learner));
  f.bar = control ? std::nullopt : std::optional(kDiceOver);
  f.success = f.bound = r.dice - r.baseline;
  f.right = f.of = 0;
  trial.add(f);
}

// The people who share a block with a known one: what block co-membership alone says of them.
void try_inside(Trial& trial, const Seen& theirs, const Seen& mine, const Overlap& data,
                const Pairs& pairs) {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> seeds;
  for (const std::uint32_t v : pairs.known) seeds.emplace_back(v, data.truth[v]);
  const auto claims = percolate(theirs, mine, seeds, 0.1F);
  std::uint64_t right = 0;
  for (const std::uint32_t v : pairs.inside) right += claims[v] == data.truth[v];
  Finding f{
      .id = "P5", .attack = "percolation inside the pairs' blocks", .target = trial.schema.name};
  f.setting = fmt::format("{} people, {} known pairs", theirs.records, pairs.known.size());
  trial.add_share(f, right, pairs.inside.size());
}

// The same questions asked of a running key service, about a tenth of the state and no more people
// than it answers within a minute or so.
Result<void> try_service(Trial& trial, std::span<const record::Fields> people,
                         std::span<const record::Fields> sample) {
  const std::uint32_t n = trial.plan.sizes.state;
  const std::uint32_t few = std::min(std::max(n / 10, std::min(n, 600U)), 20000U);
  const std::uint64_t mine = std::uint64_t{trial.plan.sizes.district} * few / n;
  TESSERA_TRY(const TrialFolder folder, TrialFolder::make(trial));
  TESSERA_TRY(const auto passes, buy(trial.schema, people.first(few), mine, sample.first(few),
                                     folder.path(), trial.seed, trial.progress));
  Finding f{.id = "P6", .target = trial.schema.name};
  f.setting = fmt::format("{} people, district of {}, a running key service", few, mine);
  std::uint64_t answered = 0, wrong = 0;
  for (const Bought& pass : passes) {
    f.attack = "quota spent heaviest-first, entries of " + pass.pass;
    f.bar = kQuotaPass;
    trial.add_share(f, pass.opened, pass.entries);
    answered += pass.answered;
    wrong += pass.answered - std::min(pass.answered, pass.quota);
    wrong += std::max(pass.answered, pass.logged) - std::min(pass.answered, pass.logged);
  }
  f.attack = "answers beyond the quota, or not in the log";
  f.bar = 0.0;
  trial.add_share(f, wrong, answered);
  return {};
}

}  // namespace

Result<void> try_known_pairs(Trial& trial) {
  TESSERA_TRY(const auto roster, trial.people(trial.plan.sizes.pairs));
  const Overlap data = overlap_of(trial.schema, roster, 1, 0, trial.seed);
  const Seen theirs = look_at(trial.schema, data.victims, 2 * trial.seed, trial.progress);
  const Seen mine = look_at(trial.schema, roster, 2 * trial.seed + 1, trial.progress);
  const Table tokens = tokens_of(trial.schema, data.victims);
  std::vector<std::size_t> all(theirs.passes.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<std::uint32_t> sizes{200};
  if (trial.plan.sizes.known > 200) sizes.push_back(trial.plan.sizes.known);
  for (const std::uint32_t m : sizes) {
    const Pairs pairs = split(theirs, m);
    trial.progress.begin(fmt::format("learning from {} pairs", m), 0, "");
    const Table joint = bit_table(theirs, all);
    for (const Learner learner : {Learner::ridge, Learner::network})
      try_learner(trial, trial.schema.name, joint, tokens, pairs, learner, false);
    try_inside(trial, theirs, mine, data, pairs);
    if (!trial.plan.control) continue;
    for (const Weak kind : {Weak::clk, Weak::clk_fold, Weak::per_field}) {
      TESSERA_TRY(const bits::Matrix rows, weak_rows(kind, trial.schema, data.victims, trial.seed));
      const Table table = bit_table(rows);
      try_learner(trial, std::string(attack::name_of(kind)), table, tokens, pairs, Learner::ridge,
                  true);
      if (kind == Weak::clk && m == 200)
        try_learner(trial, std::string(attack::name_of(kind)), table, tokens, pairs,
                    Learner::network, true);
    }
  }
  return {};
}

Result<void> try_stolen(Trial& trial) {
  const std::uint32_t n = trial.plan.sizes.state, mine = trial.plan.sizes.district;
  TESSERA_TRY(const auto people, trial.people(n));
  TESSERA_TRY(const auto sample, trial.people(n, n));
  const Stolen s = steal(trial.schema, people, 0, mine, sample);
  Finding f{.id = "P6", .target = trial.schema.name};
  f.setting = fmt::format("{} people, district of {}", n, mine);
  for (const StolenPass& pass : s.passes) {
    f.attack = "quota spent heaviest-first, entries of " + pass.name;
    f.bar = kQuotaPass;
    f.success = f.bound = pass.heaviest;
    trial.add(f);
    f.bar.reset();
    f.attack = "own seeds, entries of " + pass.name;
    f.success = f.bound = pass.own_seeds;
    trial.add(f);
    f.attack = "heaviest blocks known, entries of " + pass.name;
    f.success = f.bound = pass.heaviest_known;
    trial.add(f);
  }
  f.attack = "own seeds, people opened in any pass";
  f.bar = kOwnSeeds;
  trial.add_share(f, s.by_seeds, s.others);
  f.attack = "quotas of all passes, people opened in any pass";
  f.bar.reset();
  trial.add_share(f, s.by_quota, s.others);
  TESSERA_CHECK(try_service(trial, people, sample));
  // Without a seed the project key opens nothing: the same project key under another service key.
  const std::uint32_t few = std::min<std::uint32_t>(n, 2000);
  const auto part = std::span(people).first(few);
  const Seen real = look_at(trial.schema, part, trial.seed, trial.progress, "a");
  const Seen guess = look_without_service(trial.schema, part, trial.seed, trial.progress, "b");
  std::uint64_t met = 0;
  for (std::size_t p = 0; p < real.passes.size(); ++p) {
    std::vector<encoded::Tag> common;
    std::ranges::set_intersection(real.passes[p].columns.tags, guess.passes[p].columns.tags,
                                  std::back_inserter(common));
    met += common.size();
  }
  f.attack = "dictionary without seeds, tags met";
  f.setting = fmt::format("{} people", few);
  f.bar = 0.0;
  trial.add_share(f, met, few);
  if (!trial.plan.control) return {};
  TESSERA_TRY(const bits::Matrix theirs, weak_rows(Weak::clk, trial.schema, part, trial.seed));
  TESSERA_TRY(const bits::Matrix ours, weak_rows(Weak::clk, trial.schema, part, trial.seed));
  std::uint64_t same = 0;
  for (std::size_t i = 0; i < few; ++i)
    same += std::equal(theirs.row(i), theirs.row(i) + theirs.words(), ours.row(i));
  f.attack = "dictionary with the shared secret";
  f.target = attack::name_of(Weak::clk);
  f.control = true;
  f.bar = 1.0;
  trial.add_share(f, same, few);
  return {};
}

}  // namespace tessera::attack
