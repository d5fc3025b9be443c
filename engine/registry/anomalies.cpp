#include "engine/registry/anomalies.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include <fmt/format.h>

#include "engine/registry/history.h"
#include "engine/registry/registry_state.h"

namespace tessera::registry {
namespace {

using ledger::Statement;

struct Seen {
  PersonId person = 0;
  std::string owner;
  encoded::RecordKey key{};
  StateId id = 0;
};

// Records with an ID that came in a submission of the day or later, by person.
Result<std::vector<Seen>> seen_since(ledger::Database& db, const std::string& since) {
  TESSERA_TRY(
      Statement s,
      db.prepare("SELECT r.person, o.name, r.key, i.id FROM record r JOIN owner o ON o.id = "
                 "r.owner JOIN state_id i ON i.person = r.person AND i.state <> 3 WHERE EXISTS("
                 "SELECT 1 FROM payload p WHERE p.record = r.id AND (?1 = '' OR EXISTS(SELECT 1 "
                 "FROM submission u WHERE u.batch = p.seen AND u.day >= ?1))) "
                 "ORDER BY r.person, r.id"));
  s.bind(1, since.empty() ? std::string_view("") : since);
  std::vector<Seen> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    Seen& e = out.emplace_back();
    e.person = static_cast<PersonId>(s.integer(0));
    e.owner = s.text(1);
    std::copy_n(s.blob(2).begin(), std::min(s.blob(2).size(), e.key.size()), e.key.begin());
    e.id = static_cast<StateId>(s.integer(3));
  }
}

void add_concurrent(const std::vector<Seen>& seen, std::vector<Anomaly>& out) {
  for (std::size_t first = 0; first < seen.size();) {
    std::size_t end = first;
    std::set<std::string> owners;
    for (; end < seen.size() && seen[end].person == seen[first].person; ++end)
      owners.insert(seen[end].owner);
    for (std::size_t i = first; owners.size() > 1 && i < end; ++i)
      for (const std::string& other : owners)
        if (other != seen[i].owner)
          out.push_back(
              {AnomalyKind::concurrent_enrolment, seen[i].owner, seen[i].key, seen[i].id, other});
    first = end;
  }
}

}  // namespace

std::string_view name_of(AnomalyKind kind) {
  return kind == AnomalyKind::multiple_ids ? "multiple IDs" : "concurrent enrolment";
}

Result<Anomalies> find_anomalies(Registry& registry, const std::string& since) {
  Anomalies out;
  TESSERA_TRY(const auto seen, seen_since(registry.database(), since));
  std::map<std::string, OwnerAnomalies> owners;
  std::map<std::pair<std::string, encoded::RecordKey>, StateId> id_of;
  for (const Seen& s : seen) {
    ++owners[s.owner].records;
    id_of[{s.owner, s.key}] = s.id;
  }
  TESSERA_TRY(const auto open, open_reviews(registry, {}));
  for (const OpenReview& v : open) {
    const auto at = id_of.find({v.owner, v.key});
    if (at == id_of.end() || v.reason == Reason::other_space) continue;
    for (const auto& c : v.candidates)
      if (c.id != at->second)
        out.list.push_back({AnomalyKind::multiple_ids, v.owner, v.key, at->second, to_text(c.id)});
  }
  add_concurrent(seen, out.list);
  std::sort(out.list.begin(), out.list.end(), [](const Anomaly& a, const Anomaly& b) {
    return std::tie(a.owner, a.kind, a.key, a.other) < std::tie(b.owner, b.kind, b.key, b.other);
  });
  std::set<std::tuple<std::string, AnomalyKind, encoded::RecordKey>> counted;
  for (const Anomaly& a : out.list)
    if (counted.emplace(a.owner, a.kind, a.key).second)
      ++(a.kind == AnomalyKind::multiple_ids ? owners[a.owner].multiple_ids
                                             : owners[a.owner].concurrent);
  for (auto& [name, o] : owners) {
    o.owner = name;
    out.owners.push_back(o);
  }
  return out;
}

}  // namespace tessera::registry
