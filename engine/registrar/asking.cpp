// Scores that name an entry of the record, by the persons whom the other ends are of.
#include "engine/registrar/asking.h"

#include <algorithm>
#include <map>

#include "engine/registry/epoch.h"
#include "engine/registry/id_changes.h"

namespace tessera::registrar {
namespace {

struct Meeting {
  slips::ScoredHandles scored;
  const registry::Epoch* epoch = nullptr;
};
using Best = std::map<registry::PersonId, Meeting>;

// A handle is one number among 2^64, so a pair is found under the epoch that it is of and under no
// other.
Result<void> look(registry::Registry& registry, const registry::Epoch& epoch,
                  registry::RecordId record, const slips::ScoreFile& scores, Best& best) {
  TESSERA_TRY(auto own, registry.handles_of(epoch, record));
  std::ranges::sort(own);
  const auto ours = [&](encoded::Handle h) { return std::ranges::binary_search(own, h); };
  // Scores name entries of held records too, and of what has changed since: nobody's today.
  TESSERA_TRY(const auto live, registry.all_handles(epoch));
  std::vector<slips::ScoredHandles> met;
  std::vector<encoded::Handle> far;  // of each, the other end
  for (const slips::ScoredHandles& s : scores.scores)
    if (ours(s.first) != ours(s.second)) {
      const encoded::Handle other = ours(s.first) ? s.second : s.first;
      if (!std::ranges::binary_search(live, other)) continue;
      met.push_back(s);
      far.push_back(other);
    }
  TESSERA_TRY(const auto records, registry.records_of(epoch, far));
  TESSERA_TRY(const registry::Stored around, registry.around(records));
  std::map<registry::RecordId, registry::PersonId> person;
  for (const auto& r : around.records) person[r.record] = r.person;
  for (std::size_t i = 0; i < met.size(); ++i) {
    const auto at = best.emplace(person[records[i]], Meeting{met[i], &epoch}).first;
    if (met[i].decinats > at->second.scored.decinats) at->second = {met[i], &epoch};
  }
  return {};
}

}  // namespace

Result<std::vector<Met>> meetings_of(registry::Registry& registry,
                                     const registry::OpenReview& review,
                                     const std::vector<Scores>& scores) {
  Best best;
  for (const Scores& s : scores) {
    if (!s.file.header.answering)
      return Error{ErrorCode::conflict, "answers a mix for linking, not one for assigning",
                   s.where};
    for (const registry::Epoch& e : registry.epochs())
      if (e.live()) TESSERA_CHECK(look(registry, e, review.record, s.file, best));
  }
  std::vector<Met> out;
  for (const registry::OpenReview::Candidate& c : review.candidates) {
    TESSERA_TRY(const auto resolved, registry::resolve(registry.database(), c.id));
    Met& m = out.emplace_back();
    m.id = c.id;
    const auto at = best.find(resolved.person);
    if (at == best.end()) continue;
    m.best = at->second.scored;
    m.epoch = at->second.epoch->name;
  }
  return out;
}

}  // namespace tessera::registrar
