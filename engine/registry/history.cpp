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
  return state == 1 ? "live" : state == 2 ? "provisional" : "retired";
}

// Follows survivors to the end. A ring of survivors cannot be made by our own events; a damaged
// file could hold one, so the walk is bounded.
Result<bool> follow(Database& db, IdCard& card) {
  TESSERA_TRY(Statement s,
              db.prepare("SELECT space, state, survivor, person FROM state_id WHERE id = ?1"));
  StateId at = card.id;
  for (int step = 0; step < 1000; ++step) {
    TESSERA_TRY(const bool row, s.bind(1, as_integer(at)).step());
    if (!row) return false;
    if (step == 0) {
      card.space = static_cast<Space>(s.integer(0));
      card.state = words(s.integer(1));
    }
    card.survivor = at;
    card.person = static_cast<PersonId>(s.integer(3));
    if (s.is_null(2)) return true;
    at = static_cast<StateId>(s.integer(2));
    s.reset();
  }
  return Error{ErrorCode::format,
               "retired IDs point at each other in a ring; run 'tessera registry verify'",
               db.path()};
}

Result<void> add_records(Database& db, IdCard& card) {
  TESSERA_TRY(Statement s,
              db.prepare("SELECT o.name, count(*) FROM record r JOIN owner o ON o.id = r.owner "
                         "WHERE r.person = ?1 GROUP BY o.name ORDER BY o.name"));
  s.bind(1, as_integer(card.person));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) break;
    card.records.push_back({std::string(s.text(0)), s.integer(1)});
  }
  TESSERA_TRY(Statement open,
              db.prepare("SELECT count(*) FROM review v WHERE v.state = 1 AND (v.id IN "
                         "(SELECT review FROM review_person WHERE person = ?1) OR v.record IN "
                         "(SELECT id FROM record WHERE person = ?1))"));
  TESSERA_TRY(const bool row, open.bind(1, as_integer(card.person)).step());
  if (row) card.open_reviews = open.integer(0);
  return {};
}

// Events name persons as "person":N, so the few that do are picked before they are parsed.
Result<void> add_history(Database& db, IdCard& card) {
  TESSERA_TRY(
      Statement owner,
      db.prepare("SELECT o.name FROM record r JOIN owner o ON o.id = r.owner WHERE r.id = ?1"));
  TESSERA_TRY(Statement s,
              db.prepare("SELECT seq, type, body FROM event WHERE type IN ('assign', 'claim') AND "
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

Result<std::optional<IdCard>> find_id(Registry& registry, StateId id) {
  IdCard card;
  card.id = id;
  Database& db = registry.database();
  TESSERA_TRY(const bool found, follow(db, card));
  if (!found) return std::optional<IdCard>();
  TESSERA_CHECK(add_records(db, card));
  TESSERA_CHECK(add_history(db, card));
  return std::optional<IdCard>(std::move(card));
}

Result<std::vector<OpenReview>> open_reviews(Registry& registry, const std::string& owner,
                                             std::optional<Reason> reason) {
  std::vector<OpenReview> out;
  Database& db = registry.database();
  TESSERA_TRY(Statement s, db.prepare("SELECT v.id, v.batch, o.name, r.key, v.reason, (SELECT i.id "
                                      "FROM state_id i WHERE i.person = r.person "
                                      "AND i.state = 2) FROM review v JOIN record r ON r.id = "
                                      "v.record JOIN owner o ON o.id = r.owner "
                                      "WHERE v.state = 1 AND (?1 = '' OR o.name = ?1) AND (?2 = 0 "
                                      "OR v.reason = ?2) ORDER BY v.id"));
  TESSERA_TRY(Statement c, db.prepare("SELECT i.id, p.decinats FROM review_person p JOIN state_id "
                                      "i ON i.person = p.person AND i.state <> 3 "
                                      "WHERE p.review = ?1 ORDER BY p.decinats DESC, i.id"));
  s.bind(1, owner.empty() ? std::string_view("") : std::string_view(owner));
  s.bind(2, reason ? static_cast<std::int64_t>(*reason) : std::int64_t{0});
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    OpenReview v;
    v.review = s.integer(0);
    v.batch = s.integer(1);
    v.owner = s.text(2);
    std::copy_n(s.blob(3).begin(), std::min(s.blob(3).size(), v.key.size()), v.key.begin());
    v.reason = static_cast<Reason>(s.integer(4));
    v.provisional = static_cast<StateId>(s.integer(5));
    c.bind(1, v.review);
    for (;;) {
      TESSERA_TRY(const bool candidate, c.step());
      if (!candidate) break;
      v.candidates.push_back(
          {static_cast<StateId>(c.integer(0)), static_cast<std::int32_t>(c.integer(1))});
    }
    out.push_back(std::move(v));
  }
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
      {&n.waiting, "SELECT count(*) FROM record WHERE person IS NULL"},
      {&n.open_reviews, "SELECT count(*) FROM review WHERE state = 1"},
      {&n.claims, "SELECT count(*) FROM claim"},
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
