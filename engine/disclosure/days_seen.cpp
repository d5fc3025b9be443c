#include "engine/disclosure/days_seen.h"

#include <algorithm>
#include <array>

#include "engine/ledger/json_event.h"

namespace tessera::disclosure {
namespace {

// Of the other verbs the day is whatever their caller says, and proves nothing.
constexpr std::array<std::string_view, 4> kLetOut = {"propose", "approve_release", "release",
                                                     "fetch"};

}  // namespace

Result<std::vector<Day>> days_to_judge_by(Book& book, Day clock, const Bounded& what) {
  Day latest = clock;
  const auto look = [&](const ledger::Event& e) -> Result<bool> {
    TESSERA_TRY(const json::Value body, json::parse(e.body, "event"));
    const json::Value* value = body.find(what.member);
    if (e.type == what.made_by && value != nullptr && *value == what.value) return false;
    if (std::ranges::find(kLetOut, e.type) != kLetOut.end())
      latest = std::max(latest, parse_day(ledger::text_of(body, "day")).value_or(clock));
    return true;
  };
  TESSERA_CHECK(ledger::each_event_back(book.database(), look));
  std::vector<Day> out{clock};
  if (latest > clock) out.push_back(latest);
  return out;
}

}  // namespace tessera::disclosure
