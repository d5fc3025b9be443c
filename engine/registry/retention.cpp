#include "engine/registry/retention.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "engine/core/day.h"
#include "engine/core/json.h"
#include "engine/registry/registry_state.h"

namespace tessera::registry {
namespace {

using ledger::Statement;

constexpr std::int64_t kMostYears = 150;

bool read_years(const json::Value& value, const char* name, int& out) {
  const json::Value* v = value.find(name);
  if (v == nullptr || v->as_int() == nullptr || *v->as_int() < 1 || *v->as_int() > kMostYears)
    return false;
  out = static_cast<int>(*v->as_int());
  return true;
}

// The name of the member at fault, or "".
std::string read_class(const json::Value& value, RetentionSchedule& out) {
  const json::Value* people = value.find("people");
  const std::string* name = people == nullptr ? nullptr : people->as_string();
  if (name == nullptr || (*name != "student" && *name != "staff")) return "people";
  RetentionClass c;
  c.space = *name == "staff" ? Space::staff : Space::student;
  if (std::ranges::any_of(out.classes, [&](const auto& other) { return other.space == c.space; }))
    return "people";
  if (!read_years(value, "archive_after_years", c.archive_after)) return "archive_after_years";
  if (!read_years(value, "destroy_after_years", c.destroy_after) ||
      c.destroy_after < c.archive_after)
    return "destroy_after_years";
  out.classes.push_back(c);
  return "";
}

// The newest day said of each batch.
Result<std::map<std::int64_t, std::string>> days_of_batches(Registry& registry) {
  TESSERA_TRY(Statement s,
              registry.database().prepare(
                  "SELECT batch, ifnull(max(day), '') FROM submission GROUP BY batch"));
  std::map<std::int64_t, std::string> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    out[s.integer(0)] = std::string(s.text(1));
  }
}

bool over(const std::string& last_seen, int years, const std::string& day) {
  const auto seen = parse_day(last_seen);
  return seen && tessera::to_text(years_after(*seen, years)) <= day;
}

}  // namespace

Result<RetentionSchedule> read_retention(std::string_view text, const std::string& name) {
  TESSERA_TRY(const json::Value value, json::parse(text, name));
  RetentionSchedule out;
  std::string fault;
  const json::Value* version = value.find("version");
  if (version == nullptr || version->as_int() == nullptr || *version->as_int() < 1)
    fault = "version";
  else
    out.version = *version->as_int();
  const json::Value* classes = value.find("classes");
  if (classes == nullptr || classes->as_array() == nullptr) fault = "classes";
  if (fault.empty())
    for (const json::Value& c : *classes->as_array())
      if (fault.empty()) fault = read_class(c, out);
  if (fault.empty()) return out;
  return Error{ErrorCode::format,
               fmt::format("member '{}' is missing or is not what a schedule needs there", fault),
               name};
}

Result<std::string> newest_day(Registry& registry) {
  TESSERA_TRY(Statement s,
              registry.database().prepare("SELECT ifnull(max(day), '') FROM submission"));
  TESSERA_TRY(const bool row, s.step());
  return std::string(row ? s.text(0) : "");
}

Result<std::vector<DueId>> due_ids(Registry& registry, const RetentionSchedule& schedule,
                                   const std::string& day) {
  TESSERA_TRY(const auto days, days_of_batches(registry));
  TESSERA_TRY(Statement s,
              registry.database().prepare(
                  "SELECT i.id, i.space, i.state, max(p.seen) FROM state_id i JOIN record r ON "
                  "r.person = i.person JOIN payload p ON p.record = r.id WHERE i.state IN (1, 4) "
                  "GROUP BY i.id ORDER BY i.id"));
  std::vector<DueId> out;
  for (;;) {
    TESSERA_TRY(const bool row, s.step());
    if (!row) return out;
    const auto at = days.find(s.integer(3));
    DueId due{static_cast<StateId>(s.integer(0)), static_cast<Space>(s.integer(1)),
              at == days.end() ? "" : at->second,
              s.integer(2) == static_cast<std::int64_t>(IdState::archived)};
    for (const RetentionClass& c : schedule.classes)
      if (c.space == due.space &&
          over(due.last_seen, due.destroy ? c.destroy_after : c.archive_after, day))
        out.push_back(due);
  }
}

}  // namespace tessera::registry
