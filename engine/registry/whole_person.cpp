#include "engine/registry/whole_person.h"

#include "engine/registry/id_changes.h"

namespace tessera::registry {

using ledger::Statement;

Result<std::vector<StateId>> ids_of(Registry& registry, StateId id) {
  TESSERA_TRY(const Resolved end, resolve(registry.database(), id));
  TESSERA_TRY(Statement s,
              registry.database().prepare(
                  "WITH RECURSIVE chain(id) AS (VALUES(?1) UNION SELECT i.id FROM state_id i JOIN "
                  "chain c ON i.survivor = c.id) SELECT id FROM chain WHERE id <> ?1 ORDER BY id"));
  s.bind(1, static_cast<std::int64_t>(end.id));
  std::vector<StateId> out{end.id};
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out.push_back(static_cast<StateId>(s.integer(0)));
  }
}

namespace {

// Questions about the person's records, and those of others that named the person.
Result<void> add_decisions(Registry& registry, PersonId person, WholePerson& out) {
  TESSERA_TRY(
      Statement s,
      registry.database().prepare(
          "SELECT ifnull((SELECT max(b.day) FROM submission b WHERE b.batch = v.batch), ''), "
          "g.verdict, r.person = ?1 OR EXISTS (SELECT 1 FROM state_id i WHERE i.id = g.state_id "
          "AND i.person = ?1), g.why FROM ruling g JOIN review v ON v.id = g.review JOIN record r "
          "ON r.id = v.record WHERE r.person = ?1 OR v.id IN (SELECT review FROM review_person "
          "WHERE person = ?1) ORDER BY g.id"));
  s.bind(1, static_cast<std::int64_t>(person));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return {};
    out.decisions.push_back({std::string(s.text(0)), static_cast<Verdict>(s.integer(1)),
                             s.integer(2) == 1, std::string(s.text(3))});
  }
}

Result<void> add_days(Registry& registry, WholePerson& out) {
  TESSERA_TRY(Statement s,
              registry.database().prepare(
                  "SELECT batch, max(day) FROM submission WHERE day <> '' GROUP BY batch"));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return {};
    out.days.emplace(s.integer(0), std::string(s.text(1)));
  }
}

}  // namespace

Result<WholePerson> whole_person(Registry& registry, StateId id) {
  WholePerson out;
  TESSERA_TRY(out.ids, ids_of(registry, id));
  TESSERA_TRY(const Resolved end, resolve(registry.database(), id));
  TESSERA_CHECK(add_decisions(registry, end.person, out));
  TESSERA_CHECK(add_days(registry, out));
  return out;
}

}  // namespace tessera::registry
