// What a batch settles beyond its own records: provisional IDs, and what former owners are told.
#include <algorithm>
#include <tuple>

#include "engine/registry/committer.h"
#include "engine/registry/id_changes.h"

namespace tessera::registry {

using ledger::Statement;

// Provisional IDs about which the batch left no doubt: permanent, or resolved to somebody known.
// First of all, so that whatever else the batch brings meets them as they are then.
Result<void> Committer::settle_provisional() {
  TESSERA_TRY(Statement next, s_.db.prepare("SELECT ifnull(max(id), 0) + 1 FROM change"));
  TESSERA_TRY(Statement records,
              s_.db.prepare("SELECT id FROM record WHERE person = ?1 ORDER BY id"));
  std::set<PersonId> done;
  for (const std::uint32_t i : order_) {
    const Decision& d = decisions_[i];
    const PersonId own = batch_.records[i].known.person;
    if (!d.settles || !done.insert(own).second) continue;
    TESSERA_TRY(const Resolved id, resolve_person(s_.db, own));
    if (d.person == own) {
      TESSERA_CHECK(happen(MadeLive{number_, id.id}));
      continue;
    }
    TESSERA_TRY(const Resolved to, resolve_person(s_.db, d.person));
    Changed e{0, ChangeKind::merge, id.id, to.id, 0, {}, "tessera", "provisional ID resolved"};
    TESSERA_TRY(const bool row, next.step());
    e.change = row ? next.integer(0) : 1;
    next.reset();
    records.bind(1, as_integer(own));
    for (;;) {
      TESSERA_TRY(const bool more, records.step());
      if (!more) break;
      e.records.push_back(static_cast<RecordId>(records.integer(0)));
    }
    TESSERA_CHECK(happen(e));
    resolved_[own] = d.person;
  }
  return {};
}

// Every other owner that holds a person whom somebody attached to in this batch.
Result<void> Committer::tell_former_owners() {
  TESSERA_TRY(Statement s, s_.db.prepare("SELECT o.name, r.key, r.owner FROM record r JOIN owner o "
                                         "ON o.id = r.owner WHERE r.person = ?1"));
  for (const auto& [person, claimants] : claimed_) {
    TESSERA_TRY(const Resolved id, resolve_person(s_.db, person));
    s.bind(1, as_integer(person));
    for (;;) {
      TESSERA_TRY(const bool row, s.step());
      if (!row) break;
      if (claimants.contains(s.integer(2))) continue;
      ClaimNotice& n = receipt_.notices.emplace_back();
      n.owner = s.text(0);
      n.id = id.id;
      std::copy_n(s.blob(1).begin(), std::min(s.blob(1).size(), n.key.size()), n.key.begin());
    }
  }
  std::sort(receipt_.notices.begin(), receipt_.notices.end(), [](const auto& a, const auto& b) {
    return std::tie(a.owner, a.key) < std::tie(b.owner, b.key);
  });
  return {};
}

// Whether the record's person and the one of the other space that it matches are linked already.
Result<bool> Committer::linked(std::uint32_t i) {
  const Decision& d = decisions_[i];
  if (d.also == 0 || receipt_.issued[i].id == 0) return false;
  TESSERA_TRY(const Resolved also, resolve_person(s_.db, d.also));
  TESSERA_TRY(Statement s, s_.db.prepare("SELECT student, staff FROM linked WHERE student IN (?1, "
                                         "?2) OR staff IN (?1, ?2)"));
  return s.bind(1, as_integer(receipt_.issued[i].id)).bind(2, as_integer(also.id)).step();
}

}  // namespace tessera::registry
