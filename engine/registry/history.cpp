#include "engine/registry/history.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/registry/events.h"
#include "engine/registry/registry_state.h"

namespace tessera::registry {
namespace {

using ledger::Database;
using ledger::Statement;

std::string_view words(std::int64_t state) {
  return state == 1 ? "live" : state == 2 ? "provisional" : state == 3 ? "retired" : "archived";
}

Result<bool> follow(Database& db, IdCard& card) {
  TESSERA_TRY(Statement s, db.prepare("SELECT space, state FROM state_id WHERE id = ?1"));
  TESSERA_TRY(const bool row, s.bind(1, as_integer(card.id)).step());
  if (!row) return false;
  card.space = static_cast<Space>(s.integer(0));
  card.state = words(s.integer(1));
  s.reset();
  TESSERA_TRY(const Resolved end, resolve(db, card.id));
  card.survivor = end.id;
  card.person = end.person;
  return true;
}

// Links stand between the IDs that were linked; either may have resolved to another since.
Result<void> add_link(Database& db, IdCard& card) {
  TESSERA_TRY(Statement s,
              db.prepare("WITH RECURSIVE chain(id) AS (VALUES(?1) UNION SELECT i.id FROM state_id "
                         "i JOIN chain c ON i.survivor = c.id) SELECT CASE WHEN student IN chain "
                         "THEN staff ELSE student END FROM linked WHERE student IN chain OR staff "
                         "IN chain LIMIT 1"));
  TESSERA_TRY(const bool row, s.bind(1, as_integer(card.survivor)).step());
  if (!row) return {};
  const auto other = static_cast<StateId>(s.integer(0));
  s.reset();
  TESSERA_TRY(const Resolved end, resolve(db, other));
  card.linked = end.id;
  return {};
}

Result<std::vector<OwnerCount>> owners_of_person(Database& db, PersonId person) {
  TESSERA_TRY(Statement s,
              db.prepare("SELECT o.name, count(*) FROM record r JOIN owner o ON o.id = r.owner "
                         "WHERE r.person = ?1 GROUP BY o.name ORDER BY o.name"));
  s.bind(1, as_integer(person));
  std::vector<OwnerCount> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out.push_back({std::string(s.text(0)), s.integer(1)});
  }
}

Result<void> add_records(Database& db, IdCard& card) {
  TESSERA_TRY(card.records, owners_of_person(db, card.person));
  TESSERA_TRY(Statement open,
              db.prepare("SELECT count(*) FROM review v WHERE v.state = 1 AND (v.id IN "
                         "(SELECT review FROM review_person WHERE person = ?1) OR v.record IN "
                         "(SELECT id FROM record WHERE person = ?1))"));
  TESSERA_TRY(const bool row, open.bind(1, as_integer(card.person)).step());
  if (row) card.open_reviews = open.integer(0);
  return {};
}

// Events name persons as "person":N: those without the text are passed over unparsed, which at
// millions is most of the time.
Result<void> add_history(Database& db, IdCard& card) {
  TESSERA_TRY(
      Statement owner,
      db.prepare("SELECT o.name FROM record r JOIN owner o ON o.id = r.owner WHERE r.id = ?1"));
  TESSERA_TRY(Statement s,
              db.prepare("SELECT seq, type, body FROM event WHERE type IN ('assign', 'claim') AND "
                         "instr(body, '\"person\":' || ?1) > 0 AND "
                         "json_extract(body, '$.person') = ?1 ORDER BY seq"));
  s.bind(1, as_integer(card.person));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return {};
    TESSERA_TRY(const Happening happening, read_happening(s.text(1), s.text(2)));
    const auto* assigned = std::get_if<Assigned>(&happening);
    const auto* claimed = std::get_if<Claimed>(&happening);
    const RecordId record = assigned != nullptr  ? assigned->record
                            : claimed != nullptr ? claimed->record
                                                 : 0;
    const std::int64_t batch = assigned != nullptr  ? assigned->batch
                               : claimed != nullptr ? claimed->batch
                                                    : 0;
    TESSERA_TRY(const bool known, owner.bind(1, as_integer(record)).step());
    const std::string name(known ? owner.text(0) : "");
    owner.reset();
    if (assigned != nullptr && assigned->issued != 0)
      card.history.push_back(
          {s.integer(0), batch, assigned->provisional ? "issued, provisional" : "issued"});
    card.history.push_back(
        {s.integer(0), batch,
         claimed != nullptr ? "claimed by " + name : "record of " + name + " attached"});
  }
}

}  // namespace

Result<std::vector<OwnerCount>> owners_of(Registry& registry, StateId id) {
  const auto at = resolve(registry.database(), id);
  if (at) return owners_of_person(registry.database(), at->person);
  if (at.error().code == ErrorCode::usage) return std::vector<OwnerCount>();
  return at.error();
}

Result<std::optional<IdCard>> find_id(Registry& registry, StateId id) {
  IdCard card;
  card.id = id;
  Database& db = registry.database();
  TESSERA_TRY(const bool found, follow(db, card));
  if (!found) return std::optional<IdCard>();
  TESSERA_CHECK(add_records(db, card));
  TESSERA_CHECK(add_history(db, card));
  TESSERA_CHECK(add_link(db, card));
  TESSERA_TRY(card.aliases, list_aliases(registry, card.survivor, ""));
  TESSERA_TRY(card.changes, changes_of(registry, card.survivor));
  if (card.survivor != id) {
    TESSERA_TRY(auto own, changes_of(registry, id));
    for (ChangeLine& c : own)
      if (c.a != card.survivor && c.b != card.survivor) card.changes.push_back(std::move(c));
  }
  return std::optional<IdCard>(std::move(card));
}

Result<Counts> count(Registry& registry) {
  Counts n;
  Database& db = registry.database();
  n.batches = registry.last_batch();
  const std::pair<std::int64_t*, std::string_view> queries[] = {
      {&n.owners, "SELECT count(*) FROM owner"},
      {&n.records, "SELECT count(*) FROM record"},
      {&n.persons, "SELECT count(*) FROM person"},
      {&n.events, "SELECT count(*) FROM event"},
      {&n.student_ids, "SELECT count(*) FROM state_id WHERE state = 1 AND space = 1"},
      {&n.staff_ids, "SELECT count(*) FROM state_id WHERE state = 1 AND space = 2"},
      {&n.provisional, "SELECT count(*) FROM state_id WHERE state = 2"},
      {&n.retired, "SELECT count(*) FROM state_id WHERE state = 3"},
      {&n.archived, "SELECT count(*) FROM state_id WHERE state = 4"},
      {&n.waiting, "SELECT count(*) FROM record WHERE person IS NULL"},
      {&n.open_reviews, "SELECT count(*) FROM review WHERE state = 1"},
      {&n.claims, "SELECT count(*) FROM claim WHERE state = 1"},
      {&n.alarms, "SELECT count(*) FROM alarm"}};
  for (const auto& [to, query] : queries) {
    TESSERA_TRY(*to, db.integer(query));
  }
  for (std::size_t p = 0; p < registry.entries().passes(); ++p)
    n.entries += registry.entries().rows(p);
  TESSERA_TRY(n.head, ledger::read_head(db));
  return n;
}

}  // namespace tessera::registry
