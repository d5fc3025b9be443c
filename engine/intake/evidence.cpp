#include "engine/intake/evidence.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "engine/link/bare_tables.h"
#include "engine/registry/entry_store.h"
#include "engine/registry/epoch.h"
#include "engine/registry/registry.h"

namespace tessera::intake {
namespace {

using encoded::PassColumns;
using registry::RecordId;

struct Best {
  bool met = false;
  link::Pair pair;
};

// Every pair of the record's rows and others' rows of the same tag.
void compare_pass(const PassColumns& rows, std::span<const RecordId> whose, RecordId record,
                  std::size_t pass, const link::BareTables& tables,
                  std::map<RecordId, Best>& best) {
  for (std::size_t a = 0; a < rows.tags.size(); ++a) {
    if (whose[a] != record) continue;
    const auto block = static_cast<std::size_t>(std::ranges::count(rows.tags, rows.tags[a]));
    for (std::size_t b = 0; b < rows.tags.size(); ++b) {
      if (whose[b] == record || whose[b] == 0 || rows.tags[a] != rows.tags[b]) continue;
      const link::Pair pair = tables.weigh(pass, rows, a, b, block - 1);
      Best& now = best[whose[b]];
      if (!now.met || pair.logit > now.pair.logit) now = {true, pair};
    }
  }
}

// So that the steps add up to the logit of the day.
void move_start(link::Explanation& e, double logit) {
  const double by = logit - (e.steps.empty() ? e.start : e.steps.back().total);
  e.start += by;
  for (link::Step& s : e.steps) s.total += by;
  e.logit = logit;
  e.held_back = false;
}

// The places where the record's entries lie, by pass.
Result<std::map<std::size_t, std::vector<encoded::Tag>>> tags_of(registry::Registry& registry,
                                                                 const registry::Epoch& epoch,
                                                                 RecordId record) {
  TESSERA_TRY(const auto handles, registry.handles_of(epoch, record));
  TESSERA_TRY(const auto places, registry.entries().asked(handles));
  std::map<std::size_t, std::vector<encoded::Tag>> tags;
  for (const auto& p : places) tags[p.pass - epoch.first_pass].push_back(p.tag);
  for (auto& [pass, of_pass] : tags) {
    std::sort(of_pass.begin(), of_pass.end());
    of_pass.erase(std::unique(of_pass.begin(), of_pass.end()), of_pass.end());
  }
  return tags;
}

// The strongest comparison with each record met under an epoch, and the tables it was weighed by.
struct Met {
  const registry::Epoch* epoch = nullptr;
  link::BareTables tables;
  std::map<RecordId, Best> best;
};

Result<Met> meet(registry::Registry& registry, const registry::Epoch& epoch, RecordId record,
                 const link::Matcher& matcher) {
  TESSERA_TRY(const auto tags, tags_of(registry, epoch, record));
  std::map<std::size_t, PassColumns> rows;
  bool tokens = epoch.schema.ssn;
  for (const auto& [pass, of_pass] : tags) {
    TESSERA_TRY(rows[pass], registry.entries().read_matching(epoch.first_pass + pass, of_pass));
    tokens = tokens && !rows[pass].ssn_tokens.empty();
  }
  Met out;
  out.epoch = &epoch;
  TESSERA_TRY(out.tables, link::BareTables::of(epoch.schema, matcher, tokens));
  for (const auto& [pass, of_pass] : rows) {
    TESSERA_TRY(const auto whose, registry.records_of(epoch, of_pass.handles));
    compare_pass(of_pass, whose, record, pass, out.tables, out.best);
  }
  return out;
}

struct Strongest {
  const Met* met = nullptr;
  Best best;
  std::string owner;
};

Strongest strongest_with(const std::vector<Met>& all, const registry::Stored& around,
                         registry::PersonId person) {
  Strongest out;
  for (const Met& met : all)
    for (const registry::Stored::Record& r : around.records) {
      const auto at = met.best.find(r.record);
      if (r.person != person || at == met.best.end()) continue;
      if (out.best.met && at->second.pair.logit <= out.best.pair.logit) continue;
      out = {&met, at->second, r.owner};
    }
  return out;
}

}  // namespace

Result<std::vector<Evidence>> evidence_of(registry::Registry& registry,
                                          const registry::OpenReview& review,
                                          const link::Matcher& matcher) {
  std::vector<Met> all;
  std::vector<RecordId> records;
  for (const registry::Epoch& e : registry.epochs()) {
    if (!e.live()) continue;
    TESSERA_TRY(Met met, meet(registry, e, review.record, matcher));
    for (const auto& [record, best] : met.best) records.push_back(record);
    all.push_back(std::move(met));
  }
  TESSERA_TRY(const registry::Stored around, registry.around(records));
  std::vector<Evidence> out;
  for (std::size_t i = 0; i < review.candidates.size(); ++i) {
    Evidence& e = out.emplace_back();
    e.id = review.candidates[i].id;
    TESSERA_TRY(const auto person, registry::resolve(registry.database(), e.id));
    const Strongest found = strongest_with(all, around, person.person);
    e.owner = found.owner;
    e.met = found.best.met && !found.met->tables.fit.evidence.empty();
    if (!e.met) continue;
    const double logit = review.candidates[i].decinats / 10.0;
    e.explanation =
        link::explain(found.met->epoch->schema, found.met->tables.comparators,
                      found.met->tables.fit, found.best.pair, 1 / (1 + std::exp(-logit)));
    move_start(e.explanation, logit);
    if (i + 1 == review.candidates.size()) continue;
    const double next = review.candidates[i + 1].decinats / 10.0;
    e.explanation.runner_up = link::RunnerUp{next, 1 / (1 + std::exp(-next))};
  }
  return out;
}

}  // namespace tessera::intake
