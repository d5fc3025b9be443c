#include "engine/registry/collection.h"

#include <algorithm>
#include <map>
#include <set>

#include "engine/registry/events.h"

namespace tessera::registry {

using ledger::Statement;

Result<std::vector<CollectionRule>> collection_rules(Registry& registry) {
  std::vector<CollectionRule> out;
  TESSERA_TRY(Statement s, registry.database().prepare(
                               "SELECT seq, field, owner, day, rule FROM collection ORDER BY seq"));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out.push_back({s.integer(0),
                   {std::string(s.text(1)), std::string(s.text(2)), std::string(s.text(3)),
                    static_cast<Collect>(s.integer(4))}});
  }
}

Collect rule_on(std::span<const CollectionRule> rules, std::string_view field,
                std::string_view owner, std::string_view day) {
  const Collection* best = nullptr;
  for (const CollectionRule& r : rules) {
    const Collection& c = r.what;
    if (c.field != field || c.from > day || (!c.owner.empty() && c.owner != owner)) continue;
    if (best == nullptr || c.from >= best->from) best = &c;
  }
  return best == nullptr ? Collect::allow : best->rule;
}

bool stopped_for_all(std::span<const CollectionRule> rules, std::string_view field,
                     std::string_view day) {
  // Owners that no rule names fare like the nameless one.
  std::set<std::string> owners = {""};
  for (const CollectionRule& r : rules) owners.insert(r.what.owner);
  return std::ranges::all_of(owners, [&](const std::string& owner) {
    return rule_on(rules, field, owner, day) != Collect::allow;
  });
}

namespace {

// Batches from a record's first to the one that gave it its person, for those that had to wait.
Result<void> add_waits(Registry& registry, std::map<std::int64_t, Parity>& out) {
  TESSERA_TRY(
      Statement s,
      registry.database().prepare(
          "SELECT r.ssn, json_extract(e.body, '$.batch') - r.batch FROM event e JOIN record "
          "r ON r.id = json_extract(e.body, '$.record') WHERE e.type = 'assign' AND "
          "json_extract(e.body, '$.key') IS NULL AND json_extract(e.body, '$.person') IS "
          "NOT NULL"));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return {};
    Parity& p = out[s.integer(0)];
    ++p.later;
    p.batches += std::max<std::int64_t>(0, s.integer(1));
  }
}

}  // namespace

Result<std::vector<Parity>> parity(Registry& registry) {
  std::map<std::int64_t, Parity> by_state;
  TESSERA_TRY(
      Statement s,
      registry.database().prepare(
          "SELECT r.ssn, count(*), sum(i.state = 1), sum(i.state = 2), sum(v.id IS NOT NULL), "
          "sum(v.reason IN (?1, ?2, ?3)) FROM record r "
          "LEFT JOIN state_id i ON i.person = r.person AND i.state IN (1, 2) AND i.state <> 3 "
          "LEFT JOIN review v ON v.record = r.id AND v.state = 1 GROUP BY r.ssn ORDER BY r.ssn"));
  s.bind(1, static_cast<std::int64_t>(Reason::two_persons));
  s.bind(2, static_cast<std::int64_t>(Reason::already_held));
  s.bind(3, static_cast<std::int64_t>(Reason::two_rows_one_person));
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) break;
    Parity& p = by_state[s.integer(0)];
    p.state = static_cast<encoded::SsnState>(s.integer(0));
    p.records = s.integer(1);
    p.with_id = s.integer(2);
    p.provisional = s.integer(3);
    p.waiting = s.integer(4);
    p.suspected = s.integer(5);
  }
  TESSERA_CHECK(add_waits(registry, by_state));
  std::vector<Parity> out;
  for (const auto& [state, p] : by_state) out.push_back(p);
  return out;
}

}  // namespace tessera::registry
