// Changes of the access log: accounts, grants, the policy, passwords.
#include <algorithm>

#include <fmt/format.h>

#include "engine/access/access_state.h"

namespace tessera::access {

using ledger::Statement;

namespace {

Error usage(std::string what) { return {ErrorCode::usage, std::move(what), ""}; }

Result<void> check_grant(const Grant& g, const Levels& levels) {
  if (g.approver.empty()) return usage("a grant names who approved it");
  if (g.path == Path::form && g.form.empty())
    return usage("this way needs the number of the signed Login Request Form");
  if (g.level < 1 || g.level > kMostOpen) return usage("a level is 1, 2, 3 or 4");
  if (!g.set.empty() && !levels.sets.contains(g.set))
    return usage("the policy has no limited-field set of this name");
  const bool tied = g.set.empty() && (g.level == 2 || g.level == 3);
  if (tied != !g.owner.empty())
    return usage(tied ? "levels 2 and 3 are for one owner: give --owner"
                      : "this level is for all owners: give no --owner");
  if (g.administrator && g.level != 2)
    return usage("a district administrator has level 2 of that district");
  if (!g.records.empty() && (g.level != 3 || !g.set.empty()))
    return usage("a list of records is for level 3");
  if (g.path == Path::administrator && (!tied || g.administrator))
    return usage("a district administrator gives levels 2 and 3 of the own district, no more");
  for (const std::string& key : g.records)
    if (key.size() != 32 || !from_hex(key)) return usage("a record key has 32 hex digits");
  return {};
}

}  // namespace

Result<void> AccessLog::add_account(const Account& a, std::string_view password,
                                    const std::vector<std::string>& owners, const std::string& by,
                                    Work work, Time now) {
  State& s = *state_;
  if (const auto fault = fault_of_name(s.levels, owners, a.name); !fault.empty())
    return usage(fmt::format("this account name {}; accounts are for one person each", fault));
  if (a.holder.find(' ') == std::string::npos || a.holder.size() > 200)
    return usage("--holder is the person's first and last name");
  if (const auto fault = fault_of_password(password, a.name, s.levels.rules.password_least);
      !fault.empty())
    return usage(fmt::format("this password {}", fault));
  TESSERA_TRY(const auto there, account(a.name));
  if (there)
    return Error{ErrorCode::conflict, "this account exists; names are never used again", ""};
  TESSERA_TRY(const std::string hash, hash_password(password, work));
  const Time until = now + s.levels.rules.account_days * kDay;
  return s.happen(
      "account", {{"account", a.name}, {"holder", a.holder}, {"until", until}, {"by", by}}, now,
      [&]() -> Result<void> {
        TESSERA_TRY(Statement secret,
                    s.db.prepare("INSERT INTO secret(account, hash, initial, made, failures, "
                                 "locked_until) VALUES(?1, ?2, ?3, ?4, 0, 0)"));
        // Whoever makes the first account of all chooses the own password.
        secret.bind(1, a.name).bind(2, hash).bind(3, std::int64_t{by == a.name ? 0 : 1});
        return secret.bind(4, now).run();
      });
}

Result<void> AccessLog::require_account(const std::string& name) {
  TESSERA_TRY(const auto there, account(name));
  if (!there || there->closed != 0) return usage("there is no such account, or it was closed");
  return {};
}

Result<void> AccessLog::close_account(const std::string& name, const std::string& by,
                                      const std::string& reason, Time now) {
  State& s = *state_;
  TESSERA_TRY(const auto there, account(name));
  if (!there) return usage("there is no such account");
  return s.happen(
      "close", {{"account", name}, {"by", by}, {"reason", reason}}, now, [&]() -> Result<void> {
        TESSERA_TRY(Statement end, s.db.prepare("DELETE FROM session WHERE account = ?1"));
        return end.bind(1, name).run();
      });
}

Result<void> AccessLog::renew_account(const std::string& name, const std::string& by, Time now) {
  State& s = *state_;
  TESSERA_CHECK(require_account(name));
  const Time until = now + s.levels.rules.account_days * kDay;
  return s.happen("renew", {{"account", name}, {"until", until}, {"by", by}}, now);
}

Result<std::int64_t> AccessLog::add_grant(Grant g, Time now) {
  State& s = *state_;
  if (const auto at = s.levels.sets.find(g.set); at != s.levels.sets.end()) g.level = at->second;
  TESSERA_CHECK(check_grant(g, s.levels));
  TESSERA_CHECK(require_account(g.account));
  TESSERA_TRY(const std::int64_t id, s.db.integer("SELECT ifnull(max(id), 0) + 1 FROM grants"));
  const Time most = now + s.levels.rules.account_days * kDay;
  const Time until = g.until == 0 ? most : std::min(g.until, most);
  std::string records;
  for (const std::string& key : g.records) records += (records.empty() ? "" : " ") + key;
  TESSERA_CHECK(s.happen("grant",
                         {{"grant", id},
                          {"account", g.account},
                          {"level", g.level},
                          {"set", g.set},
                          {"owner", g.owner},
                          {"people", static_cast<std::int64_t>(g.people)},
                          {"records", records},
                          {"administrator", g.administrator ? 1 : 0},
                          {"path", static_cast<std::int64_t>(g.path)},
                          {"form", g.form},
                          {"by", g.approver},
                          {"until", until}},
                         now));
  return id;
}

Result<void> AccessLog::revoke_grant(std::int64_t grant, const std::string& by,
                                     const std::string& reason, Time now) {
  TESSERA_TRY(const auto all, grants());
  const auto at = std::ranges::find(all, grant, &Grant::id);
  if (at == all.end() || at->revoked != 0)
    return usage("there is no such grant, or it was revoked already");
  return state_->happen("revoke", {{"grant", grant}, {"by", by}, {"reason", reason}}, now);
}

Result<void> AccessLog::set_levels(std::string_view text, const std::string& by, Time now) {
  State& s = *state_;
  TESSERA_TRY(const Levels levels, access::read_levels(text, "policy"));
  if (levels.version <= s.levels.version)
    return Error{ErrorCode::conflict,
                 fmt::format("version {} is in force; give the new policy a higher number",
                             s.levels.version),
                 ""};
  TESSERA_CHECK(s.happen("levels", {{"by", by}, {"version", levels.version}, {"text", text}}, now));
  return s.read_levels();
}

Result<void> AccessLog::set_password(const std::string& name, std::string_view password,
                                     bool initial, const std::string& by, Work work, Time now) {
  State& s = *state_;
  if (const auto fault = fault_of_password(password, name, s.levels.rules.password_least);
      !fault.empty())
    return usage(fmt::format("this password {}", fault));
  TESSERA_CHECK(require_account(name));
  TESSERA_TRY(const std::string hash, hash_password(password, work));
  return s.happen(
      "password", {{"account", name}, {"by", by}, {"initial", initial}}, now,
      [&]() -> Result<void> {
        TESSERA_TRY(Statement set,
                    s.db.prepare("UPDATE secret SET hash = ?2, initial = ?3, made = ?4, failures = "
                                 "0, locked_until = 0 WHERE account = ?1"));
        TESSERA_CHECK(set.bind(1, name)
                          .bind(2, hash)
                          .bind(3, std::int64_t{initial ? 1 : 0})
                          .bind(4, now)
                          .run());
        TESSERA_TRY(Statement end, s.db.prepare("DELETE FROM session WHERE account = ?1"));
        return end.bind(1, name).run();
      });
}

}  // namespace tessera::access
