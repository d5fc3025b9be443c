#include "engine/access/lived.h"

#include <algorithm>

#include "engine/ledger/json_event.h"

namespace tessera::access {

using ledger::integer_of;
using ledger::is_true;
using ledger::text_of;

bool let_in(std::string_view type, const json::Value& body) {
  return type != "failed" && (type != "ask" || is_true(body, "allowed"));
}

Result<Time> lived(ledger::Database& log) {
  Time latest = 0;
  const auto look = [&](const ledger::Event& e) -> Result<bool> {
    TESSERA_TRY(const json::Value body, json::parse(e.body, "event"));
    const bool told = body.find("latest") != nullptr;
    if (told || let_in(e.type, body)) latest = integer_of(body, told ? "latest" : "at");
    return latest == 0;  // refusals of before there was such a member say nothing
  };
  TESSERA_CHECK(ledger::each_event_back(log, look));
  return latest;
}

Result<bool> outlived(ledger::Database& log, Time end, const Began& began) {
  TESSERA_TRY(const Time latest, lived(log));
  if (latest < end) return false;
  bool passed = false;
  const auto look = [&](const ledger::Event& e) -> Result<bool> {
    TESSERA_TRY(const json::Value body, json::parse(e.body, "event"));
    if (began(e, body)) return false;
    passed = let_in(e.type, body) && integer_of(body, "at") >= end;
    return !passed;
  };
  TESSERA_CHECK(ledger::each_event_back(log, look));
  return passed;
}

Result<bool> open_now(ledger::Database& log, const Account& account, Time now) {
  if (account.closed != 0 || !account.open_at(now)) return false;
  TESSERA_TRY(const bool over,
              outlived(log, account.until, [&](const ledger::Event& e, const json::Value& body) {
                return (e.type == "account" || e.type == "renew") &&
                       text_of(body, "account") == account.name;
              }));
  return !over;
}

Result<std::vector<Grant>> grants_in_force(AccessLog& log, const std::string& account, Time now) {
  std::vector<Grant> out;
  TESSERA_TRY(auto all, log.grants(account));
  for (Grant& g : all) {
    if (g.revoked != 0 || !g.in_force(now)) continue;
    const auto began = [&](const ledger::Event& e, const json::Value& body) {
      return e.type == "grant" && integer_of(body, "grant") == g.id;
    };
    TESSERA_TRY(const bool over, outlived(log.database(), g.until, began));
    if (!over) out.push_back(std::move(g));
  }
  return out;
}

Result<bool> has_ended(ledger::Database& log, const Levels& levels, std::string_view purpose) {
  const auto known = std::ranges::find(levels.purposes, purpose, &Purpose::name);
  const auto last = known == levels.purposes.end() ? std::nullopt : time_of_day(known->until);
  if (!last) return false;
  return outlived(log, *last + kDay, [&](const ledger::Event& e, const json::Value& body) {
    return e.type == "levels" && integer_of(body, "version") == levels.version;
  });
}

}  // namespace tessera::access
