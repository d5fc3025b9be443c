#include "engine/access/usage.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "engine/access/lived.h"
#include "engine/ledger/event_log.h"
#include "engine/ledger/json_event.h"

namespace tessera::access {
namespace {

using ledger::integer_of;
using ledger::text_of;

bool has_word(std::string_view words, std::string_view word) {
  for (std::size_t at = 0; at <= words.size();) {
    const std::size_t end = std::min(words.find(' ', at), words.size());
    if (words.substr(at, end - at) == word) return true;
    at = end + 1;
  }
  return false;
}

Result<void> each_event(
    AccessLog& log,
    const std::function<Result<void>(const ledger::Event&, const json::Value&)>& body) {
  Silent silent;
  TESSERA_TRY(
      const ledger::Head head,
      ledger::verify_chain(log.database(), silent, [&](const ledger::Event& e) -> Result<void> {
        TESSERA_TRY(const json::Value value, json::parse(e.body, "event"));
        return body(e, value);
      }));
  (void)head;
  return {};
}

Sight sight_of(const ledger::Event& e, const json::Value& body) {
  return {e.seq,
          integer_of(body, "at"),
          text_of(body, "account"),
          text_of(body, "verb"),
          text_of(body, "purpose"),
          text_of(body, "fields")};
}

bool shows_id(const json::Value& body, const std::string& id,
              const std::function<bool(std::int64_t)>& in_batch) {
  const json::Value* ids = body.find("ids");
  if (ids != nullptr && ids->as_array() != nullptr)
    for (const json::Value& v : *ids->as_array())
      if (v.as_string() != nullptr && *v.as_string() == id) return true;
  const std::int64_t batch = integer_of(body, "batch");
  return batch != 0 && in_batch(batch);
}

// Moments at which something about an account's rights changes, inside the span.
std::vector<Time> turns(const Account& account, const std::vector<Grant>& grants,
                        const std::vector<std::pair<Time, Levels>>& versions, Span span) {
  std::set<Time> out = {span.from};
  const auto add = [&](Time t) {
    if (t > span.from && t < span.until) out.insert(t);
  };
  for (const Time t : {account.made, account.until, account.closed}) add(t);
  for (const Grant& g : grants)
    for (const Time t : {g.made, g.until, g.revoked}) add(t);
  for (const auto& [made, levels] : versions) {
    add(made);
    // A purpose ends with its day.
    for (const Purpose& p : levels.purposes)
      if (const auto day = time_of_day(p.until)) add(*day + kDay);
  }
  return {out.begin(), out.end()};
}

// What an account may see of any of the records through one verb at one moment; empty: nothing.
std::optional<Possible> possible_at(const Levels& levels, const Account& account,
                                    const std::vector<Grant>& grants, const std::string& verb,
                                    const VerbRule& rule, const std::vector<Record>& records,
                                    Time t) {
  std::optional<Possible> best;
  // Counts and logs are about no record; an answer that is names the ID or the record.
  const auto answer = levels.answers.find(verb);
  if (answer == levels.answers.end() ||
      (!answer->second.contains("state_id") && !answer->second.contains("record")))
    return best;
  for (const std::string& purpose : rule.purposes) {
    const Decision d = may(levels, &account, grants, verb, {}, purpose, t);
    if (!d.allowed) continue;
    for (const Record& r : records) {
      const int level = d.level_for(r.owner, r.people, r.key);
      if (level == 0 || (best && best->level <= level)) continue;
      best = Possible{account.name, verb, "", level, 0, "", "", {}};
      for (const std::string& f : levels.fields_shown(verb, level))
        best->fields += (best->fields.empty() ? "" : " ") + f;
      for (const Grant& g : d.grants)
        if (Decision{true, "", {g}}.level_for(r.owner, r.people, r.key) == level) {
          best->grant = g.id;
          best->form = g.form;
          best->approver = g.approver;
          break;
        }
    }
  }
  if (best && best->fields.empty()) best.reset();
  return best;
}

}  // namespace

Result<std::vector<Sight>> who_saw(AccessLog& log, const std::string& state_id,
                                   const std::function<bool(std::int64_t)>& in_batch,
                                   const std::string& field, Span span) {
  std::vector<Sight> out;
  const auto take = [&](const ledger::Event& e, const json::Value& body) -> Result<void> {
    if (e.type != "answer") return {};
    const Sight s = sight_of(e, body);
    if (span.holds(s.time) && (field.empty() || has_word(s.fields, field)) &&
        shows_id(body, state_id, in_batch))
      out.push_back(s);
    return {};
  };
  TESSERA_CHECK(each_event(log, take));
  return out;
}

Result<std::vector<Answer>> answers_of(AccessLog& log, const Exposure& exposure) {
  std::vector<Answer> out;
  const auto take = [&](const ledger::Event& e, const json::Value& body) -> Result<void> {
    if (e.type != "answer") return {};
    Answer a{sight_of(e, body),
             text_of(body, "session"),
             {},
             integer_of(body, "rows"),
             integer_of(body, "batch")};
    if ((exposure.event != 0 && e.seq != exposure.event) || !exposure.span.holds(a.sight.time) ||
        (!exposure.account.empty() && a.sight.account != exposure.account) ||
        (!exposure.session.empty() && a.session != exposure.session))
      return {};
    const json::Value* ids = body.find("ids");
    if (ids != nullptr && ids->as_array() != nullptr)
      for (const json::Value& v : *ids->as_array())
        if (v.as_string() != nullptr) a.ids.push_back(*v.as_string());
    out.push_back(std::move(a));
    return {};
  };
  TESSERA_CHECK(each_event(log, take));
  return out;
}

Result<std::vector<Possible>> who_could_see(AccessLog& log, const std::vector<Record>& records,
                                            const std::string& field, Span span) {
  TESSERA_TRY(const auto accounts, log.accounts());
  TESSERA_TRY(const auto versions, log.versions());
  std::vector<Possible> out;
  for (const Account& account : accounts) {
    TESSERA_TRY(const auto grants, log.grants(account.name));
    const std::vector<Time> at = turns(account, grants, versions, span);
    std::map<std::string, std::size_t> open;  // by verb: the entry of `out` that may go on
    for (std::size_t i = 0; i < at.size(); ++i) {
      const Time until = i + 1 < at.size() ? at[i + 1] : span.until;
      const Levels* levels = nullptr;
      for (const auto& [made, version] : versions)
        if (made <= at[i]) levels = &version;
      if (levels == nullptr) continue;
      for (const auto& [verb, rule] : levels->verbs) {
        auto p = possible_at(*levels, account, grants, verb, rule, records, at[i]);
        if (!p || (!field.empty() && !has_word(p->fields, field))) continue;
        p->span = {at[i], until};
        const auto before = open.find(verb);
        if (before != open.end() && out[before->second].span.until == at[i] &&
            out[before->second].fields == p->fields && out[before->second].grant == p->grant) {
          out[before->second].span.until = until;
          continue;
        }
        open[verb] = out.size();
        out.push_back(*std::move(p));
      }
    }
  }
  return out;
}

Result<std::vector<Finding>> findings(AccessLog& log, Time now) {
  struct Use {
    Time last = 0;
    std::string origin;
    Time shared = 0;
    std::string other;
    Time locked = 0;
  };
  std::map<std::string, Use> uses;
  const Rules& rules = log.levels().rules;
  const auto take = [&](const ledger::Event& e, const json::Value& body) -> Result<void> {
    const std::string account = text_of(body, "account");
    if (account.empty()) return {};
    Use& use = uses[account];
    const Time at = integer_of(body, "at");
    if (e.type == "failed" && text_of(body, "why") == "wrong password, now locked") use.locked = at;
    if (e.type != "login" && e.type != "session" && e.type != "ask") return {};
    const std::string origin = text_of(body, "origin");
    if (!use.origin.empty() && origin != use.origin && at - use.last < rules.shared_minutes * 60) {
      use.shared = at;
      use.other = fmt::format("{} and {}", use.origin, origin);
    }
    use.last = at;
    use.origin = origin;
    return {};
  };
  TESSERA_CHECK(each_event(log, take));
  TESSERA_TRY(const auto accounts, log.accounts());
  std::vector<Finding> out;
  for (const Account& a : accounts) {
    if (a.closed != 0) continue;
    const Use use = uses[a.name];
    TESSERA_TRY(const auto grants, grants_in_force(log, a.name, now));
    const Time seen = use.last == 0 ? a.made : use.last;
    TESSERA_TRY(const bool open, open_now(log.database(), a, now));
    if (!open) out.push_back({a.name, "expired", a.until, "renew it or close it"});
    if (now - seen >= rules.dormant_days * kDay)
      out.push_back({a.name, "dormant", seen, use.last == 0 ? "never used" : "last used then"});
    if (use.shared != 0) out.push_back({a.name, "shared use", use.shared, use.other});
    if (use.locked != 0) out.push_back({a.name, "locked", use.locked, "after wrong passwords"});
    if (grants.empty()) out.push_back({a.name, "no grant", a.made, "close it if none is coming"});
    for (const Grant& g : grants)
      if (g.set.empty() && g.level == 1)
        out.push_back({a.name, "level 1", g.made, "approved by " + g.approver + ", " + g.form});
  }
  return out;
}

Result<std::vector<std::pair<std::string, std::int64_t>>> tally(AccessLog& log) {
  std::map<std::string, std::int64_t> counts;
  const auto take = [&](const ledger::Event& e, const json::Value& body) -> Result<void> {
    ++counts[std::string(e.type)];
    const json::Value* allowed = body.find("allowed");
    if (allowed != nullptr && allowed->as_bool() != nullptr && !*allowed->as_bool())
      ++counts["refused: " + text_of(body, "why")];
    return {};
  };
  TESSERA_CHECK(each_event(log, take));
  return std::vector<std::pair<std::string, std::int64_t>>(counts.begin(), counts.end());
}

}  // namespace tessera::access
