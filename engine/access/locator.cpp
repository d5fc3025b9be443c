#include "engine/access/locator.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include <fmt/format.h>

#include "engine/access/budget.h"
#include "engine/ledger/event_log.h"
#include "engine/ledger/json_event.h"

namespace tessera::access {
namespace {

using ledger::integer_of;
using ledger::is_true;
using ledger::text_of;

// What one account asked in one local day.
struct LocatedDay {
  int asked = 0, refused = 0, off_hours = 0;
  int answers = 0, hits = 0;
  std::set<std::string> owners;
  std::vector<Time> outside;  // times of IDs of other owners' people
};
using Days = std::map<std::string, std::map<Time, LocatedDay>>;  // by account, by start of the day

bool ordinary(const Levels& levels, Time time) {
  const Time start = start_of_local_day(levels.rules, time);
  const Time hour = (time - start) / 3600;
  const std::chrono::weekday day{std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds{
      std::chrono::seconds{start + levels.rules.utc_offset_minutes * 60}})};
  const bool weekend = day == std::chrono::Saturday || day == std::chrono::Sunday;
  return hour >= levels.locator.opens && hour < levels.locator.closes &&
         (levels.locator.weekend || !weekend);
}

void take_question(const Levels& levels, const json::Value& body, LocatedDay& day) {
  ++day.asked;
  if (!ordinary(levels, integer_of(body, "at"))) ++day.off_hours;
  if (is_true(body, "over_budget")) ++day.refused;
  if (is_true(body, "allowed")) day.owners.insert(text_of(body, "owner"));
}

void take_answer(const json::Value& body, LocatedDay& day) {
  ++day.answers;
  const std::string outcome = text_of(body, "outcome");
  if (outcome == kFound || outcome == kContact) ++day.hits;
  if (is_true(body, "outside")) day.outside.push_back(integer_of(body, "at"));
}

Result<Days> read_days(AccessLog& log, Time now) {
  const Levels& levels = log.levels();
  const Time since = start_of_local_day(levels.rules, now) - levels.locator.alarm_days * kDay;
  Days days;
  const auto look = [&](const ledger::Event& e) -> Result<bool> {
    TESSERA_TRY(const json::Value body, json::parse(e.body, "event"));
    const Time at = integer_of(body, "at");
    if (at < since - kDay) return false;  // a day more: clocks are set back now and then
    if (at < since || text_of(body, "verb") != kLocator) return true;
    LocatedDay& day = days[text_of(body, "account")][start_of_local_day(levels.rules, at)];
    if (e.type == "ask") take_question(levels, body, day);
    if (e.type == "answer") take_answer(body, day);
    return true;
  };
  TESSERA_CHECK(ledger::each_event_back(log.database(), look));
  return days;
}

// The most of the times that lie within `span` seconds of each other.
int most_within(std::vector<Time> times, Time span) {
  std::ranges::sort(times);
  std::size_t from = 0, most = 0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    while (times[i] - times[from] > span) ++from;
    most = std::max(most, i - from + 1);
  }
  return static_cast<int>(most);
}

// Kind of alarm and its detail; what is ordinary gives none.
std::vector<std::pair<std::string, std::string>> alarms_of(const LocatorRules& rules,
                                                           const LocatedDay& day) {
  std::vector<std::pair<std::string, std::string>> out;
  if (day.refused > 0)
    out.emplace_back("locator: budget",
                     fmt::format("{} of {} questions beyond the budget", day.refused, day.asked));
  const int burst = most_within(day.outside, rules.burst_minutes * 60);
  if (burst >= rules.burst)
    out.emplace_back("locator: burst",
                     fmt::format("{} IDs of others within {} minutes", burst, rules.burst_minutes));
  if (static_cast<int>(day.owners.size()) > rules.owners)
    out.emplace_back("locator: districts",
                     fmt::format("asked for {} districts", day.owners.size()));
  if (day.answers >= rules.hits_after && day.hits * 100 < rules.hits_least * day.answers)
    out.emplace_back("locator: few hits",
                     fmt::format("{} of {} answers found somebody", day.hits, day.answers));
  if (day.off_hours > 0)
    out.emplace_back("locator: off hours", fmt::format("{} questions then", day.off_hours));
  return out;
}

}  // namespace

Result<std::vector<Finding>> locator_alarms(AccessLog& log, Time now) {
  TESSERA_TRY(const Days days, read_days(log, now));
  std::vector<Finding> out;
  for (const auto& [account, of_account] : days) {
    std::map<std::string, Finding> latest;
    for (const auto& [start, day] : of_account)
      for (auto& [kind, detail] : alarms_of(log.levels().locator, day))
        latest[kind] = {account, kind, start, detail};
    for (auto& [kind, finding] : latest) out.push_back(std::move(finding));
  }
  return out;
}

}  // namespace tessera::access
