#include "engine/access/budget.h"

#include "engine/core/json.h"
#include "engine/ledger/event_log.h"

namespace tessera::access {
namespace {

constexpr Time kDay = 86'400;
constexpr Time kClockStep = 3'600;

bool says(const json::Value& body, std::string_view name, std::string_view word) {
  const json::Value* v = body.find(name);
  return v != nullptr && v->as_string() != nullptr && *v->as_string() == word;
}

}  // namespace

Time start_of_local_day(const Rules& rules, Time time) {
  const Time offset = rules.utc_offset_minutes * 60;
  const Time local = time + offset;
  const Time into = ((local % kDay) + kDay) % kDay;
  return local - into - offset;
}

Result<int> let_through(ledger::Database& log, std::string_view account, std::string_view verb,
                        Time since) {
  int count = 0;
  const auto look = [&](const ledger::Event& e) -> Result<bool> {
    TESSERA_TRY(const json::Value body, json::parse(e.body, "event"));
    const json::Value* at = body.find("at");
    const Time time = at != nullptr && at->as_int() != nullptr ? *at->as_int() : 0;
    if (time < since - kClockStep) return false;
    const json::Value* allowed = body.find("allowed");
    if (e.type == "ask" && time >= since && says(body, "account", account) &&
        says(body, "verb", verb) && allowed != nullptr && allowed->as_bool() != nullptr &&
        *allowed->as_bool())
      ++count;
    return true;
  };
  TESSERA_CHECK(ledger::each_event_back(log, look));
  return count;
}

}  // namespace tessera::access
