#include "engine/registry/id_changes.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/registry/registry_state.h"

namespace tessera::registry {
namespace {

using ledger::Database;
using ledger::Statement;

constexpr int kLongestChain = 100'000;

constexpr std::string_view kRecordsOf = "SELECT id FROM record WHERE person = ?1 ORDER BY id";

bool is(const Resolved& r, IdState state) { return r.state == static_cast<std::int64_t>(state); }

// The ID itself, in use; not one that it might lead to, for whoever names an ID must mean it.
Result<Resolved> in_use(Change& change, StateId id) {
  TESSERA_TRY(const Resolved found, resolve(change.database(), id));
  if (found.id != id)
    return conflict(fmt::format("state ID {} is retired and resolves to {}; name that one",
                                to_text(id), to_text(found.id)));
  if (is(found, IdState::retired))
    return conflict(fmt::format("state ID {} is retired; undo that first", to_text(id)));
  return found;
}

Result<bool> known_different(Change& change, PersonId a, PersonId b) {
  TESSERA_TRY(Statement s, change.database().prepare(
                               "SELECT 1 FROM different d JOIN record x ON x.id = d.a JOIN record "
                               "y ON y.id = d.b WHERE (x.person = ?1 AND y.person = ?2) OR "
                               "(x.person = ?2 AND y.person = ?1) LIMIT 1"));
  return s.bind(1, as_integer(a)).bind(2, as_integer(b)).step();
}

Result<Made> finish(Change& change, Changed event) {
  TESSERA_TRY(event.change, change.next("change"));
  TESSERA_CHECK(change.happen(event));
  Made made{event.change, event.b != 0 ? event.b : event.a, event.records.size(), {}};
  TESSERA_TRY(made.head, change.commit());
  return made;
}

}  // namespace

Result<Resolved> resolve(Database& db, StateId id) {
  TESSERA_TRY(Statement s,
              db.prepare("SELECT space, state, survivor, person FROM state_id WHERE id = ?1"));
  StateId at = id;
  for (int step = 0; step < kLongestChain; ++step) {
    TESSERA_TRY(const bool row, s.bind(1, as_integer(at)).step());
    if (!row)
      return Error{ErrorCode::usage, fmt::format("state ID {} was never issued here", to_text(id)),
                   ""};
    if (s.is_null(2))
      return Resolved{at, static_cast<Space>(s.integer(0)), static_cast<PersonId>(s.integer(3)),
                      s.integer(1)};
    at = static_cast<StateId>(s.integer(2));
    s.reset();
  }
  return Error{ErrorCode::format,
               "retired IDs point at each other in a ring; run 'tessera registry verify'",
               db.path()};
}

Result<Resolved> resolve_person(Database& db, PersonId person) {
  // The index holds IDs in use alone; a person whose ID was merged away is looked for in all.
  TESSERA_TRY(Statement s, db.prepare("SELECT id FROM state_id WHERE person = ?1 AND state <> 3"));
  TESSERA_TRY(bool row, s.bind(1, as_integer(person)).step());
  if (!row) {
    TESSERA_TRY(s, db.prepare("SELECT id FROM state_id WHERE person = ?1"));
    TESSERA_TRY(row, s.bind(1, as_integer(person)).step());
  }
  if (!row)
    return Error{ErrorCode::format, "a person without a state ID; run 'tessera registry verify'",
                 db.path()};
  return resolve(db, static_cast<StateId>(s.integer(0)));
}

Result<Made> merge_ids(Registry& registry, StateId from, StateId into, const Author& author,
                       bool despite_different) {
  TESSERA_CHECK(check_author(author));
  TESSERA_TRY(Change change, Change::begin(registry));
  TESSERA_TRY(const Resolved gone, in_use(change, from));
  TESSERA_TRY(const Resolved kept, in_use(change, into));
  if (from == into) return Error{ErrorCode::usage, "an ID cannot be merged into itself", ""};
  if (gone.space != kept.space)
    return conflict("a student ID and a staff ID are never merged; link them");
  if (!despite_different) {
    TESSERA_TRY(const bool differ, known_different(change, gone.person, kept.person));
    if (differ)
      return conflict(
          "a person decided that records of these two IDs are different people; give "
          "--despite-different if that was wrong");
  }
  Changed e{0, ChangeKind::merge, from, into, 0, {}, author.who, author.why};
  TESSERA_TRY(e.records, change.list(kRecordsOf, gone.person));
  if (!is(kept, IdState::live)) TESSERA_CHECK(change.happen(MadeLive{change.batch(), into}));
  return finish(change, std::move(e));
}

namespace {

// The records of one owner at a person, or those of them with the keys given; and the others.
Result<void> part_records(Change& change, PersonId person, const std::string& owner,
                          const std::vector<encoded::RecordKey>& keys, std::vector<RecordId>& leave,
                          std::vector<RecordId>& stay) {
  TESSERA_TRY(Statement s, change.database().prepare(
                               "SELECT r.id, o.name, r.key FROM record r JOIN owner o ON o.id = "
                               "r.owner WHERE r.person = ?1 ORDER BY r.id"));
  s.bind(1, as_integer(person));
  std::size_t found = 0;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) break;
    const ByteView key = s.blob(2);
    const bool named = std::any_of(keys.begin(), keys.end(), [&key](const auto& k) {
      return std::equal(k.begin(), k.end(), key.begin(), key.end());
    });
    const bool goes = s.text(1) == owner && (keys.empty() || named);
    found += goes ? 1 : 0;
    (goes ? leave : stay).push_back(static_cast<RecordId>(s.integer(0)));
  }
  if (found == 0 || found < keys.size())
    return Error{ErrorCode::usage,
                 "this owner has no such record at this ID; see 'tessera id show'", ""};
  if (stay.empty()) return conflict("every record of the ID would leave it; something must stay");
  return {};
}

}  // namespace

Result<Made> split_id(Registry& registry, StateId id, const std::string& owner,
                      const std::vector<encoded::RecordKey>& keys, const Author& author,
                      Random& random) {
  TESSERA_CHECK(check_author(author));
  TESSERA_TRY(Change change, Change::begin(registry));
  TESSERA_TRY(const Resolved whole, in_use(change, id));
  Changed e{0, ChangeKind::split, id, 0, 0, {}, author.who, author.why};
  std::vector<RecordId> stay;
  TESSERA_CHECK(part_records(change, whole.person, owner, keys, e.records, stay));
  TESSERA_TRY(const std::int64_t person, change.next("person"));
  e.person = static_cast<PersonId>(person);
  TESSERA_TRY(e.b, change.fresh_id(e.records, random));
  for (const RecordId a : e.records)
    for (const RecordId b : stay)
      TESSERA_CHECK(change.happen(MarkedDifferent{std::min(a, b), std::max(a, b)}));
  return finish(change, std::move(e));
}

Result<Made> retire_id(Registry& registry, StateId id, const Author& author) {
  TESSERA_CHECK(check_author(author));
  TESSERA_TRY(Change change, Change::begin(registry));
  TESSERA_CHECK(in_use(change, id));
  return finish(change, {0, ChangeKind::retire, id, 0, 0, {}, author.who, author.why});
}

Result<Made> archive_id(Registry& registry, StateId id, const Author& author) {
  TESSERA_CHECK(check_author(author));
  TESSERA_TRY(Change change, Change::begin(registry));
  TESSERA_TRY(const Resolved found, in_use(change, id));
  if (!is(found, IdState::live))
    return conflict(is(found, IdState::archived)
                        ? "the ID is archived already"
                        : "a provisional ID waits for its review and is not archived");
  return finish(change, {0, ChangeKind::archive, id, 0, 0, {}, author.who, author.why});
}

Result<Made> link_ids(Registry& registry, StateId student, StateId staff, const Author& author) {
  TESSERA_CHECK(check_author(author));
  TESSERA_TRY(Change change, Change::begin(registry));
  TESSERA_TRY(const Resolved a, in_use(change, student));
  TESSERA_TRY(const Resolved b, in_use(change, staff));
  if (a.space != Space::student || b.space != Space::staff)
    return conflict("a link joins a student ID and a staff ID, in this order");
  for (const auto& [sql, id] : {std::pair("SELECT 1 FROM linked WHERE student = ?1", student),
                                std::pair("SELECT 1 FROM linked WHERE staff = ?1", staff)}) {
    TESSERA_TRY(const auto taken, change.ask(sql, id));
    if (taken) return conflict("one of the two is linked already; undo that link first");
  }
  return finish(change, {0, ChangeKind::link, student, staff, 0, {}, author.who, author.why});
}

}  // namespace tessera::registry
