#include "engine/registry/aliases.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/registry/registry_state.h"

namespace tessera::registry {
namespace {

using ledger::Statement;

bool letter_or_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

Result<void> check(const Alias& a) {
  const auto in_system = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  };
  const auto in_alias = [](char c) {
    return letter_or_digit(c) || c == '.' || c == '_' || c == '-';
  };
  if (a.system.empty() || a.system.size() > 32 || a.system[0] < 'a' || a.system[0] > 'z' ||
      !std::all_of(a.system.begin(), a.system.end(), in_system))
    return Error{ErrorCode::usage,
                 "a system is 1 to 32 lower-case letters, digits or hyphens, such as migrant", ""};
  if (a.alias.empty() || a.alias.size() > 40 ||
      !std::all_of(a.alias.begin(), a.alias.end(), in_alias))
    return Error{ErrorCode::usage, "an alias is 1 to 40 letters, digits, dots, hyphens or _", ""};
  return {};
}

Result<bool> add(Change& change, const Alias& a, const std::string& who) {
  TESSERA_CHECK(check(a));
  TESSERA_TRY(const Resolved person, resolve(change.database(), a.id));
  TESSERA_TRY(Statement s, change.database().prepare(
                               "SELECT state_id FROM alias WHERE system = ?1 AND alias = ?2"));
  TESSERA_TRY(const bool taken, s.bind(1, a.system).bind(2, a.alias).step());
  if (taken) {
    const auto holder = static_cast<StateId>(s.integer(0));
    s.reset();
    TESSERA_TRY(const Resolved other, resolve(change.database(), holder));
    if (other.id == person.id) return false;
    return Error{ErrorCode::conflict,
                 fmt::format("this alias of {} is that of another state ID; remove it there first",
                             a.system),
                 ""};
  }
  if (person.state == static_cast<std::int64_t>(IdState::retired))
    return Error{ErrorCode::conflict, "the state ID is retired and has no survivor", ""};
  TESSERA_CHECK(change.happen(AliasAdded{a.system, a.alias, person.id, who}));
  return true;
}

}  // namespace

Result<std::size_t> add_aliases(Registry& registry, const std::vector<Alias>& aliases,
                                const std::string& who) {
  TESSERA_CHECK(check_author({who, "alias"}));
  TESSERA_TRY(Change change, Change::begin(registry));
  std::size_t added = 0;
  for (std::size_t i = 0; i < aliases.size(); ++i) {
    const auto done = add(change, aliases[i], who);
    if (!done) return Error{done.error().code, done.error().what, fmt::format("alias {}", i + 1)};
    added += *done ? 1 : 0;
  }
  TESSERA_CHECK(change.commit());
  return added;
}

Result<void> remove_alias(Registry& registry, const std::string& system, const std::string& alias,
                          const std::string& who) {
  TESSERA_CHECK(check_author({who, "alias"}));
  TESSERA_TRY(Change change, Change::begin(registry));
  TESSERA_TRY(Statement s,
              change.database().prepare("SELECT 1 FROM alias WHERE system = ?1 AND alias = ?2"));
  TESSERA_TRY(const bool there, s.bind(1, system).bind(2, alias).step());
  s.reset();
  if (!there) return Error{ErrorCode::usage, "this system has no such alias here", ""};
  TESSERA_CHECK(change.happen(AliasRemoved{system, alias, who}));
  TESSERA_CHECK(change.commit());
  return {};
}

Result<std::vector<Alias>> list_aliases(Registry& registry, StateId id, const std::string& system) {
  ledger::Database& db = registry.database();
  StateId wanted = 0;
  if (id != 0) {
    TESSERA_TRY(const Resolved r, resolve(db, id));
    wanted = r.id;
  }
  // With an ID: those of every ID that leads to it, found by walking its chain backwards.
  TESSERA_TRY(
      Statement s,
      db.prepare(wanted == 0 ? "SELECT system, alias, state_id FROM alias WHERE ?1 = 0 AND (?2 = "
                               "'' OR system = ?2) ORDER BY system, alias"
                             : "WITH RECURSIVE chain(id) AS (VALUES(?1) UNION SELECT i.id FROM "
                               "state_id i JOIN chain c ON i.survivor = c.id) SELECT system, "
                               "alias, state_id FROM alias WHERE state_id IN chain AND (?2 = '' "
                               "OR system = ?2) ORDER BY system, alias"));
  s.bind(1, as_integer(wanted)).bind(2, system.empty() ? std::string_view("") : system);
  std::vector<Alias> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    Alias a{std::string(s.text(0)), std::string(s.text(1)), wanted};
    if (wanted == 0) {
      TESSERA_TRY(const Resolved now, resolve(db, static_cast<StateId>(s.integer(2))));
      a.id = now.id;
    }
    out.push_back(std::move(a));
  }
}

}  // namespace tessera::registry
