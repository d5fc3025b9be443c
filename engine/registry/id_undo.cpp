// Taking changes of IDs back, and listing them.
#include <algorithm>

#include <fmt/format.h>

#include "engine/registry/id_changes.h"
#include "engine/registry/registry_state.h"

namespace tessera::registry {
namespace {

using ledger::Statement;

ChangeLine line_of(const Statement& s) {
  ChangeLine line;
  line.change = s.integer(0);
  line.kind = static_cast<ChangeKind>(s.integer(1));
  line.a = static_cast<StateId>(s.integer(2));
  line.b = static_cast<StateId>(s.integer(3));
  line.who = s.text(4);
  line.why = s.text(5);
  line.undone = s.integer(6) != 0;
  line.undone_who = s.text(7);
  line.undone_why = s.text(8);
  return line;
}

constexpr std::string_view kLine =
    "SELECT id, kind, a, b, who, why, undone, undone_who, undone_why FROM change ";

Result<ChangeLine> find(Change& change, std::int64_t number) {
  TESSERA_TRY(Statement s, change.database().prepare(std::string(kLine) + "WHERE id = ?1"));
  TESSERA_TRY(const bool row, s.bind(1, number).step());
  if (!row)
    return Error{ErrorCode::usage, "no change has this number; see 'tessera id changes'", ""};
  return line_of(s);
}

// What moved then and is still where it went.
Result<void> back_from_merge(Change& change, const ChangeLine& line, Undone& e) {
  e.into = line.a;
  TESSERA_TRY(const Resolved kept, resolve(change.database(), line.b));
  TESSERA_TRY(const auto moved,
              change.list("SELECT record FROM change_record WHERE change = ?1 ORDER BY record",
                          static_cast<std::uint64_t>(line.change)));
  for (const RecordId r : moved) {
    TESSERA_TRY(const auto at, change.ask("SELECT person FROM record WHERE id = ?1", r));
    if (at && static_cast<PersonId>(*at) == kept.person) e.records.push_back(r);
  }
  if (e.records.empty() && !moved.empty())
    return conflict("none of the records that moved is with the survivor any more");
  return {};
}

Result<void> back_from_split(Change& change, const ChangeLine& line, Undone& e) {
  TESSERA_TRY(const Resolved made, resolve(change.database(), line.b));
  TESSERA_TRY(const Resolved old, resolve(change.database(), line.a));
  constexpr auto kRetired = static_cast<std::int64_t>(IdState::retired);
  if (made.id != line.b || made.state == kRetired || old.state == kRetired || old.id == line.b)
    return conflict("one of the two IDs was changed again since; undo that first");
  e.into = old.id;
  TESSERA_TRY(e.records,
              change.list("SELECT id FROM record WHERE person = ?1 ORDER BY id", made.person));
  return {};
}

}  // namespace

Result<Made> undo_change(Registry& registry, std::int64_t number, const Author& author) {
  TESSERA_CHECK(check_author(author));
  TESSERA_TRY(Change change, Change::begin(registry));
  TESSERA_TRY(const ChangeLine line, find(change, number));
  if (line.undone) return conflict("this change is undone already");
  Undone e{number, 0, {}, author.who, author.why};
  constexpr auto kRetired = static_cast<std::int64_t>(IdState::retired);
  constexpr auto kArchived = static_cast<std::int64_t>(IdState::archived);
  TESSERA_TRY(const auto state, change.ask("SELECT state FROM state_id WHERE id = ?1", line.a));
  switch (line.kind) {
    case ChangeKind::merge:
      TESSERA_CHECK(back_from_merge(change, line, e));
      break;
    case ChangeKind::split:
      TESSERA_CHECK(back_from_split(change, line, e));
      break;
    case ChangeKind::retire:
      if (state != kRetired) return conflict("the ID is in use");
      break;
    case ChangeKind::archive:
      if (state != kArchived) return conflict("the ID is in use again already");
      break;
    case ChangeKind::link:
      break;
  }
  TESSERA_CHECK(change.happen(e));
  const bool kept = line.kind == ChangeKind::split;
  Made made{number, kept ? e.into : line.a, e.records.size(), {}};
  TESSERA_TRY(made.head, change.commit());
  return made;
}

Result<std::vector<ChangeLine>> changes_of(Registry& registry, StateId id) {
  TESSERA_TRY(Statement s,
              registry.database().prepare(std::string(kLine) +
                                          "WHERE ?1 = 0 OR a = ?1 OR b = ?1 ORDER BY id"));
  s.bind(1, as_integer(id));
  std::vector<ChangeLine> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out.push_back(line_of(s));
  }
}

}  // namespace tessera::registry
