#include "engine/access/policy.h"

#include <algorithm>
#include <chrono>

#include <fmt/format.h>

#include "engine/core/day.h"

namespace tessera::access {
namespace {

bool overlap(People a, People b) { return a == People::both || b == People::both || a == b; }
// Whether a grant for `granted` covers all that `asked` is about.
bool covers(People granted, People asked) { return granted == People::both || granted == asked; }

// Level 2 and 3 are tied to an owner; 1, 4 and sets see all of them.
bool tied(const Grant& g) { return g.set.empty() && (g.level == 2 || g.level == 3); }

bool lets(const VerbRule& rule, const Grant& g, const Object& object) {
  if (rule.administrator && g.administrator)
    return !object.owner.empty() && g.owner == object.owner && covers(g.people, object.people);
  if (!g.set.empty()) {
    if (std::ranges::find(rule.sets, g.set) == rule.sets.end()) return false;
  } else if (std::ranges::find(rule.levels, g.level) == rule.levels.end()) {
    return false;
  }
  if (tied(g) && !object.owner.empty() && g.owner != object.owner) return false;
  return overlap(g.people, object.people);
}

std::string fault_of_purpose(const Levels& levels, const VerbRule& rule, std::string_view purpose,
                             Time time) {
  if (purpose.empty()) return "no purpose given";
  if (std::ranges::find(rule.purposes, purpose) == rule.purposes.end())
    return "not a purpose of this verb";
  const auto known = std::ranges::find(levels.purposes, purpose, &Purpose::name);
  if (known == levels.purposes.end()) return "unknown purpose";
  if (!known->until.empty() && day_of(time) > known->until) return "this purpose has ended";
  return "";
}

}  // namespace

std::string_view name_of(People people) {
  return people == People::both ? "both" : people == People::students ? "student" : "staff";
}
std::optional<People> people_named(std::string_view name) {
  for (const People p : {People::both, People::students, People::staff})
    if (name_of(p) == name) return p;
  return std::nullopt;
}
std::string_view name_of(Path path) {
  return path == Path::form ? "signed form" : "district administrator";
}

int Decision::level_for(std::string_view owner, People people, std::string_view key) const {
  int best = 0;
  for (const Grant& g : grants) {
    if (!overlap(g.people, people) || (tied(g) && g.owner != owner)) continue;
    if (!g.records.empty() && !key.empty() && std::ranges::find(g.records, key) == g.records.end())
      continue;
    if (best == 0 || g.level < best) best = g.level;
  }
  return best;
}

int Decision::level_for_all() const {
  int best = 0;
  for (const Grant& g : grants)
    if (!tied(g) && (best == 0 || g.level < best)) best = g.level;
  return best;
}

Decision may(const Levels& levels, const Account* account, std::span<const Grant> grants,
             std::string_view verb, const Object& object, std::string_view purpose, Time time) {
  Decision d;
  if (account == nullptr) {
    d.why = "nobody signed in";
    return d;
  }
  if (!account->open_at(time)) {
    d.why = "this account has expired or was closed";
    return d;
  }
  const VerbRule* rule = levels.verb(verb);
  if (rule == nullptr) {
    d.why =
        "the policy in force does not know this verb; put a newer one in force with 'tessera "
        "access levels'";
    return d;
  }
  d.why = fault_of_purpose(levels, *rule, purpose, time);
  if (!d.why.empty()) return d;
  for (const Grant& g : grants)
    if (g.account == account->name && g.in_force(time) && lets(*rule, g, object))
      d.grants.push_back(g);
  d.allowed = !d.grants.empty();
  if (!d.allowed) d.why = "no grant of this account covers it";
  return d;
}

std::string day_of(Time time) {
  return to_text(Day{
      std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds{std::chrono::seconds{time}})});
}

std::optional<Time> time_of_day(std::string_view text) {
  const std::optional<Day> day = parse_day(text);
  if (!day) return std::nullopt;
  return std::chrono::sys_seconds{std::chrono::sys_days{*day}}.time_since_epoch().count();
}

}  // namespace tessera::access
