// Who asks: passwords with lock-out, sessions, and the log of every request.
#include <algorithm>

#include <fmt/format.h>

#include "engine/access/access_state.h"
#include "engine/access/budget.h"
#include "engine/access/lived.h"
#include "engine/core/secret.h"
#include "engine/ledger/json_event.h"

namespace tessera::access {

using ledger::Statement;

namespace {

constexpr Time kMinute = 60;
// One error for every failure: which part was wrong is nobody's business but the log's.
Error refused() {
  return {ErrorCode::conflict,
          "signing in failed: wrong account or password, or the account is locked, expired or "
          "closed",
          ""};
}

std::string name_of_session(const Sha256& kept) { return to_hex(ByteView(kept).first(8)); }

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "" : " ") + w;
  return out;
}

struct Stored {
  std::string hash;
  bool initial = false;
  Time made = 0;
  std::int64_t failures = 0;
  Time locked_until = 0;
};

Result<std::optional<Stored>> stored(ledger::Database& db, const std::string& account) {
  TESSERA_TRY(Statement s, db.prepare("SELECT hash, initial, made, failures, locked_until FROM "
                                      "secret WHERE account = ?1"));
  TESSERA_TRY(const bool row, s.bind(1, account).step());
  if (!row) return std::optional<Stored>();
  return std::optional<Stored>(
      Stored{std::string(s.text(0)), s.integer(1) != 0, s.integer(2), s.integer(3), s.integer(4)});
}

// A word that somebody else chose serves for some days from when it was set.
Result<bool> too_old(ledger::Database& db, const std::string& account, const Stored& word,
                     const Rules& rules, Time now) {
  const Time end = word.made + rules.initial_password_days * kDay;
  if (!word.initial) return false;
  if (now >= end || word.made > now + kClockStep) return true;
  return outlived(db, end, [&](const ledger::Event& e, const json::Value& body) {
    return (e.type == "password" || e.type == "account") &&
           ledger::text_of(body, "account") == account;
  });
}

Result<bool> session_over(ledger::Database& db, const std::string& session, Time end) {
  return outlived(db, end, [&](const ledger::Event& e, const json::Value& body) {
    return e.type == "session" && ledger::text_of(body, "session") == session;
  });
}

Result<void> note(ledger::Database& db, const std::string& account, std::int64_t failures,
                  Time locked_until) {
  TESSERA_TRY(Statement s, db.prepare("UPDATE secret SET failures = ?2, locked_until = ?3 WHERE "
                                      "account = ?1"));
  return s.bind(1, account).bind(2, failures).bind(3, locked_until).run();
}

// What the asker is told; an empty text: there is room for one more.
Result<std::string> fault_of_budget(ledger::Database& log, const Levels& levels,
                                    const std::string& account, std::string_view verb, Time now) {
  const VerbRule* rule = levels.verb(verb);
  if (rule == nullptr || rule->per_day == 0) return std::string();
  const Time since = start_of_local_day(levels.rules, now);
  TESSERA_TRY(const int used, let_through(log, account, verb, since));
  if (used < rule->per_day) return std::string();
  return fmt::format("this account's {} requests of today are used up; it may ask again tomorrow",
                     rule->per_day);
}

}  // namespace

Result<Identity> AccessLog::sign_in(const std::string& name, std::string_view password,
                                    const std::string& origin, Work work, Time now) {
  State& s = *state_;
  TESSERA_TRY(const auto who, account(name));
  TESSERA_TRY(const auto secret, stored(s.db, name));
  if (!who || !secret) {
    // The same work as for an account that exists, and no name kept: it may be a mistyped password.
    TESSERA_TRY(const std::string unused, hash_password(password, work));
    (void)unused;
    TESSERA_CHECK(
        s.happen("failed", {{"account", ""}, {"origin", origin}, {"why", "no such account"}}, now));
    return refused();
  }
  const Rules& rules = s.levels.rules;
  const bool fits = password_fits(secret->hash, password);
  const bool locked = now < secret->locked_until;
  TESSERA_TRY(const bool late, too_old(s.db, name, *secret, rules, now));
  TESSERA_TRY(const bool open, open_now(s.db, *who, now));
  if (fits && !locked && !late && open) {
    TESSERA_CHECK(s.happen("login", {{"account", name}, {"origin", origin}, {"how", "password"}},
                           now, [&] { return note(s.db, name, 0, 0); }));
    return Identity{name, secret->initial};
  }
  const std::int64_t failures = fits || locked ? secret->failures : secret->failures + 1;
  const bool lock = !locked && !fits && failures >= rules.failures;
  const Time until = lock ? now + rules.lock_minutes * kMinute : secret->locked_until;
  const std::string_view why = locked  ? "locked"
                               : lock  ? "wrong password, now locked"
                               : !fits ? "wrong password"
                               : late  ? "initial password too old"
                                       : "expired or closed";
  TESSERA_CHECK(s.happen("failed", {{"account", name}, {"origin", origin}, {"why", why}}, now,
                         [&] { return note(s.db, name, lock ? 0 : failures, until); }));
  return refused();
}

Result<std::string> AccessLog::begin_session(const std::string& name, const std::string& origin,
                                             Time now) {
  State& s = *state_;
  Secret<32> token;
  s.random.fill(token.fill());
  const Sha256 kept = sha256(token.reveal());
  const Time until = now + s.levels.rules.session_minutes * kMinute;
  const auto keep = [&]() -> Result<void> {
    TESSERA_TRY(Statement gone, s.db.prepare("DELETE FROM session WHERE until <= ?1"));
    TESSERA_CHECK(gone.bind(1, now).run());
    TESSERA_TRY(Statement add, s.db.prepare("INSERT INTO session(token, account, made, until) "
                                            "VALUES(?1, ?2, ?3, ?4)"));
    return add.bind(1, ByteView(kept)).bind(2, name).bind(3, now).bind(4, until).run();
  };
  TESSERA_CHECK(s.happen(
      "session",
      {{"account", name}, {"origin", origin}, {"until", until}, {"session", name_of_session(kept)}},
      now, keep));
  return to_hex(token.reveal());
}

Result<Identity> AccessLog::resume(std::string_view token, const std::string& origin, Time now) {
  State& s = *state_;
  const auto bytes = from_hex(token);
  const Sha256 kept = bytes ? sha256(*bytes) : Sha256{};
  TESSERA_TRY(Statement find,
              s.db.prepare("SELECT account, until FROM session WHERE token = ?1 AND until > ?2 AND "
                           "made <= ?3"));
  find.bind(1, ByteView(kept)).bind(2, now).bind(3, now + kClockStep);
  TESSERA_TRY(const bool row, find.step());
  const std::string name(row ? find.text(0) : "");
  const Time until = row ? find.integer(1) : 0;
  find.reset();
  if (row) {
    TESSERA_TRY(const auto who, account(name));
    TESSERA_TRY(const auto secret, stored(s.db, name));
    TESSERA_TRY(const bool over, session_over(s.db, name_of_session(kept), until));
    TESSERA_TRY(const bool open, who ? open_now(s.db, *who, now) : Result<bool>(false));
    if (secret && open && !over) return Identity{name, secret->initial, name_of_session(kept)};
  }
  TESSERA_CHECK(
      s.happen("failed", {{"account", name}, {"origin", origin}, {"why", "no such session"}}, now));
  return Error{ErrorCode::conflict, "this session has ended; sign in again with 'access login'",
               ""};
}

Result<void> AccessLog::end_session(std::string_view token, Time now) {
  State& s = *state_;
  const auto bytes = from_hex(token);
  const Sha256 kept = bytes ? sha256(*bytes) : Sha256{};
  TESSERA_TRY(Statement find, s.db.prepare("SELECT account FROM session WHERE token = ?1"));
  TESSERA_TRY(const bool row, find.bind(1, ByteView(kept)).step());
  if (!row) return Error{ErrorCode::usage, "there is no such session", ""};
  const std::string name(find.text(0));
  find.reset();
  return s.happen("logout", {{"account", name}, {"session", name_of_session(kept)}}, now,
                  [&]() -> Result<void> {
                    TESSERA_TRY(Statement end,
                                s.db.prepare("DELETE FROM session WHERE token = ?1"));
                    return end.bind(1, ByteView(kept)).run();
                  });
}

Result<Decision> AccessLog::ask(const std::string& name, std::string_view verb,
                                const Object& object, std::string_view purpose,
                                const std::string& origin, Time now, std::string_view session) {
  State& s = *state_;
  TESSERA_TRY(auto transaction, ledger::Transaction::begin(s.db, ledger::Transaction::Kind::write));
  TESSERA_CHECK(s.read_levels());  // what is in force now, whatever it was when we opened
  TESSERA_TRY(const auto who, account(name));
  TESSERA_TRY(const bool open, who ? open_now(s.db, *who, now) : Result<bool>(false));
  TESSERA_TRY(const bool ended, has_ended(s.db, s.levels, purpose));
  TESSERA_TRY(const std::vector<Grant> held, grants_in_force(*this, name, now));
  Decision d = may(s.levels, who ? &*who : nullptr, held, verb, object, purpose, now);
  if (d.allowed && !open) d = {false, "this account has expired or was closed", {}};
  if (d.allowed && ended) d = {false, "this purpose has ended", {}};
  bool over_budget = false;
  if (d.allowed) {
    TESSERA_TRY(std::string fault, fault_of_budget(s.db, s.levels, name, verb, now));
    over_budget = !fault.empty();
    if (over_budget) d = Decision{false, std::move(fault), {}};
  }
  json::Array used;
  for (const Grant& g : d.grants) used.emplace_back(g.id);
  json::Object body = {{"account", name},
                       {"verb", verb},
                       {"purpose", purpose},
                       {"owner", object.owner},
                       {"people", name_of(object.people)},
                       {"origin", origin},
                       {"allowed", d.allowed},
                       {"why", d.why},
                       {"grants", std::move(used)},
                       {"levels", s.levels.version}};
  if (!session.empty()) body.emplace_back("session", session);
  if (over_budget) body.emplace_back("over_budget", true);
  TESSERA_TRY(ledger::EventLog log, ledger::EventLog::open(s.db));
  TESSERA_CHECK(s.append(log, "ask", std::move(body), now));
  TESSERA_CHECK(s.commit(transaction, log));
  return d;
}

Result<void> AccessLog::answered(const std::string& name, std::string_view verb,
                                 std::string_view purpose, const Shown& shown, Time now) {
  json::Array ids;
  for (const std::string& id : shown.ids) ids.emplace_back(id);
  json::Object body = {{"account", name},
                       {"verb", verb},
                       {"purpose", purpose},
                       {"fields", joined(shown.fields)},
                       {"rows", shown.rows}};
  if (!shown.session.empty()) body.emplace_back("session", shown.session);
  if (!shown.ids.empty()) body.emplace_back("ids", std::move(ids));
  if (shown.batch != 0) body.emplace_back("batch", shown.batch);
  if (!shown.head.empty()) body.emplace_back("head", shown.head);
  if (!shown.outcome.empty()) body.emplace_back("outcome", shown.outcome);
  if (shown.outside) body.emplace_back("outside", true);
  return state_->happen("answer", std::move(body), now);
}

}  // namespace tessera::access
