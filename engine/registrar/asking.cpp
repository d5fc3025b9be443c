// Scores that name an entry of the record, by the persons whom the other ends are of.
#include "engine/registrar/asking.h"

#include <algorithm>
#include <map>

#include "engine/registry/epoch.h"
#include "engine/registry/id_changes.h"

namespace tessera::registrar {

Result<std::vector<Met>> meetings_of(registry::Registry& registry,
                                     const registry::OpenReview& review,
                                     const slips::ScoreFile& scores, const std::string& where) {
  if (!scores.header.answering)
    return Error{ErrorCode::conflict, "answers a mix for linking, not one for assigning", where};
  TESSERA_TRY(auto own, registry.handles_of(registry.current(), review.record));
  std::ranges::sort(own);
  const auto ours = [&](encoded::Handle h) { return std::ranges::binary_search(own, h); };
  // Scores name entries of held records too, and of what has changed since: nobody's today.
  TESSERA_TRY(const auto live, registry.all_handles(registry.current()));
  std::vector<slips::ScoredHandles> met;
  std::vector<encoded::Handle> far;  // of each, the other end
  for (const slips::ScoredHandles& s : scores.scores)
    if (ours(s.first) != ours(s.second)) {
      const encoded::Handle other = ours(s.first) ? s.second : s.first;
      if (!std::ranges::binary_search(live, other)) continue;
      met.push_back(s);
      far.push_back(other);
    }
  TESSERA_TRY(const auto records, registry.records_of(registry.current(), far));
  TESSERA_TRY(const registry::Stored around, registry.around(records));
  std::map<registry::RecordId, registry::PersonId> person;
  for (const auto& r : around.records) person[r.record] = r.person;
  std::map<registry::PersonId, slips::ScoredHandles> best;
  for (std::size_t i = 0; i < met.size(); ++i) {
    const auto at = best.emplace(person[records[i]], met[i]).first;
    if (met[i].decinats > at->second.decinats) at->second = met[i];
  }
  std::vector<Met> out;
  for (const registry::OpenReview::Candidate& c : review.candidates) {
    TESSERA_TRY(const auto resolved, registry::resolve(registry.database(), c.id));
    Met& m = out.emplace_back();
    m.id = c.id;
    if (const auto at = best.find(resolved.person); at != best.end()) m.best = at->second;
  }
  return out;
}

}  // namespace tessera::registrar
