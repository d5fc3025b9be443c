// What people's changes of IDs make of the ledger tables, and what taking them back makes.
#include "engine/registry/tables.h"

namespace tessera::registry {
Result<void> Tables::open_people(ledger::Database& db) {
  TESSERA_TRY(ruling_, db.prepare("INSERT INTO ruling(review, verdict, state_id, who, why) "
                                  "VALUES(?1, ?2, ?3, ?4, ?5)"));
  TESSERA_TRY(decided_, db.prepare("UPDATE review SET state = 3 WHERE id = ?1"));
  TESSERA_TRY(change_, db.prepare("INSERT INTO change(id, kind, a, b, who, why, undone) "
                                  "VALUES(?1, ?2, ?3, ?4, ?5, ?6, 0)"));
  TESSERA_TRY(change_record_,
              db.prepare("INSERT INTO change_record(change, record) VALUES(?1, ?2)"));
  TESSERA_TRY(undo_, db.prepare("UPDATE change SET undone = 1, undone_who = ?2, undone_why = ?3 "
                                "WHERE id = ?1 AND undone = 0"));
  TESSERA_TRY(find_change_, db.prepare("SELECT kind, a, b FROM change WHERE id = ?1"));
  TESSERA_TRY(id_state_, db.prepare("UPDATE state_id SET state = ?2, survivor = ?3 WHERE id = ?1"));
  TESSERA_TRY(move_,
              db.prepare("UPDATE record SET person = (SELECT person FROM state_id WHERE id = "
                         "?2) WHERE id = ?1"));
  TESSERA_TRY(reverse_claim_, db.prepare("UPDATE claim SET state = 2 WHERE record = ?1"));
  TESSERA_TRY(split_id_, db.prepare("INSERT INTO state_id(id, space, person, state) "
                                    "SELECT ?1, space, ?2, 1 FROM state_id WHERE id = ?3"));
  TESSERA_TRY(split_person_, db.prepare("INSERT INTO person(id, space) "
                                        "SELECT ?1, space FROM state_id WHERE id = ?2"));
  TESSERA_TRY(link_, db.prepare("INSERT INTO linked(student, staff) VALUES(?1, ?2)"));
  TESSERA_TRY(unlink_, db.prepare("DELETE FROM linked WHERE student = ?1 AND staff = ?2"));
  TESSERA_TRY(alias_, db.prepare("INSERT INTO alias(system, alias, state_id) VALUES(?1, ?2, ?3)"));
  TESSERA_TRY(unalias_, db.prepare("DELETE FROM alias WHERE system = ?1 AND alias = ?2"));
  return {};
}

Result<void> Tables::set_id(StateId id, std::int64_t state, StateId survivor) {
  return id_state_.bind(1, number(id)).bind(2, state).bind_or_null(3, number(survivor)).run();
}

Result<void> Tables::move_records(const std::vector<RecordId>& records, StateId into) {
  for (const RecordId r : records)
    TESSERA_CHECK(move_.bind(1, number(r)).bind(2, number(into)).run());
  return {};
}

Result<void> Tables::apply(const Ruled& e) {
  ruling_.bind(1, e.review).bind(2, static_cast<std::int64_t>(e.verdict));
  ruling_.bind_or_null(3, number(e.id)).bind(4, e.who);
  TESSERA_CHECK(ruling_.bind(5, e.why).run());
  // Different from one of several candidates answers only a part.
  if (e.verdict != Verdict::same && (e.verdict != Verdict::different || e.id != 0)) return {};
  return decided_.bind(1, e.review).run();
}

Result<void> Tables::apply(const Changed& e) {
  if (e.kind == ChangeKind::split) {
    TESSERA_CHECK(split_person_.bind(1, number(e.person)).bind(2, number(e.a)).run());
    split_id_.bind(1, number(e.b)).bind(2, number(e.person));
    TESSERA_CHECK(split_id_.bind(3, number(e.a)).run());
  }
  change_.bind(1, e.change).bind(2, static_cast<std::int64_t>(e.kind)).bind(3, number(e.a));
  TESSERA_CHECK(change_.bind_or_null(4, number(e.b)).bind(5, e.who).bind(6, e.why).run());
  for (const RecordId r : e.records)
    TESSERA_CHECK(change_record_.bind(1, e.change).bind(2, number(r)).run());
  switch (e.kind) {
    case ChangeKind::merge:
      TESSERA_CHECK(set_id(e.a, 3, e.b));
      return move_records(e.records, e.b);
    case ChangeKind::split:
      for (const RecordId r : e.records) TESSERA_CHECK(reverse_claim_.bind(1, number(r)).run());
      return move_records(e.records, e.b);
    case ChangeKind::retire:
      return set_id(e.a, 3, 0);
    case ChangeKind::archive:
      return set_id(e.a, 4, 0);
    case ChangeKind::link:
      break;
  }
  return link_.bind(1, number(e.a)).bind(2, number(e.b)).run();
}

Result<void> Tables::apply(const Undone& e) {
  TESSERA_TRY(const bool known, find_change_.bind(1, e.change).step());
  if (!known) return Error{ErrorCode::conflict, "an event undoes a change that is not there", ""};
  const auto kind = static_cast<ChangeKind>(find_change_.integer(0));
  const auto a = static_cast<StateId>(find_change_.integer(1));
  const auto b = static_cast<StateId>(find_change_.integer(2));
  find_change_.reset();
  TESSERA_CHECK(undo_.bind(1, e.change).bind(2, e.who).bind(3, e.why).run());
  switch (kind) {
    case ChangeKind::split:
      TESSERA_CHECK(set_id(b, 3, e.into));
      return move_records(e.records, e.into);
    case ChangeKind::link:
      return unlink_.bind(1, number(a)).bind(2, number(b)).run();
    default:
      TESSERA_CHECK(set_id(a, 1, 0));
      return move_records(e.records, a);
  }
}

Result<void> Tables::apply(const MadeLive& e) { return set_id(e.id, 1, 0); }

Result<void> Tables::apply(const AliasAdded& e) {
  return alias_.bind(1, e.system).bind(2, e.alias).bind(3, number(e.id)).run();
}

Result<void> Tables::apply(const AliasRemoved& e) {
  return unalias_.bind(1, e.system).bind(2, e.alias).run();
}

}  // namespace tessera::registry
