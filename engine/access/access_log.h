// R.db.access: accounts, grants and the policy in force, and a signed chain of every request.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/access/password.h"
#include "engine/access/policy.h"
#include "engine/core/json.h"
#include "engine/core/progress.h"
#include "engine/core/random.h"
#include "engine/core/signature.h"
#include "engine/ledger/signed_head.h"

namespace tessera::access {

// Who asks, once a password or a session has proved it. `initial`: still has the password that
// somebody else chose, and may do nothing but change it.
struct Identity {
  std::string account;
  bool initial = false;
  std::string session{};  // that proved it, by its name in the log; "": a password did
};

// A database of its own beside the registry, so that a question can be logged while a batch holds
// the registry's write lock. Every change is an event of a chain like the registry's, signed by the
// registry's key at each commit; tables of accounts, grants and policies are what the events make.
// Password hashes, sessions and counts of failures are working tables: no event holds them.
// `now` is the time of the request, from the caller. Not thread safe; processes are serialised.
class AccessLog {
 public:
  using Name = std::array<std::uint8_t, 16>;

  // Makes the file with the shipped policy. Error `conflict` if it exists.
  static Result<AccessLog> create(const std::string& path, const Name& registry, SigningKey key,
                                  Random& random, Time now);
  // `name`: as the registry names its log. Error `conflict` if the file is of another registry.
  static Result<AccessLog> open(const std::string& path, const Name& name, SigningKey key,
                                Random& random);
  AccessLog(AccessLog&&) noexcept;
  AccessLog& operator=(AccessLog&&) noexcept;
  ~AccessLog();

  const Name& name() const;
  const Levels& levels() const;
  ledger::Database& database();
  Bytes chain() const;  // the name that its signed heads carry

  // What is in force or ever was.
  Result<std::vector<Account>> accounts();
  Result<std::optional<Account>> account(const std::string& name);
  // All grants, or those of one account; revoked ones too.
  Result<std::vector<Grant>> grants(const std::string& account = "");
  // Of the policy, oldest first, each with the time from which it was in force.
  Result<std::vector<std::pair<Time, Levels>>> versions();

  // Changes. `by`: the account that does it, which the policy has let. Names and passwords are
  // checked against the rules (error `usage`); `owners` are names that make no account.
  Result<void> add_account(const Account& account, std::string_view password,
                           const std::vector<std::string>& owners, const std::string& by, Work work,
                           Time now);
  Result<void> close_account(const std::string& account, const std::string& by,
                             const std::string& reason, Time now);
  // Lasts as long again as a new one, from now on; its grants stay as they are. A report of the
  // past takes it to have been open all the while. Error `usage` if it is unknown or was closed.
  Result<void> renew_account(const std::string& account, const std::string& by, Time now);
  Result<std::int64_t> add_grant(Grant grant, Time now);
  Result<void> revoke_grant(std::int64_t grant, const std::string& by, const std::string& reason,
                            Time now);
  // A newer version than the one in force; from the next request on it is the policy.
  Result<void> set_levels(std::string_view text, const std::string& by, Time now);
  // Ends all sessions of the account. `initial`: set by somebody else.
  Result<void> set_password(const std::string& account, std::string_view password, bool initial,
                            const std::string& by, Work work, Time now);

  // Proof of who asks. Any failure is one error `conflict` that does not say which part was wrong.
  // `origin`: where the request comes from (user and machine), for the report of shared use.
  Result<Identity> sign_in(const std::string& account, std::string_view password,
                           const std::string& origin, Work work, Time now);
  // A session's token (32 bytes, hex): signing in without the password until it ends. Only its
  // SHA-256 is kept, and eight bytes of that name the session in the log.
  Result<std::string> begin_session(const std::string& account, const std::string& origin,
                                    Time now);
  Result<Identity> resume(std::string_view token, const std::string& origin, Time now);
  Result<void> end_session(std::string_view token, Time now);

  // Decides and logs: the answer of may() on what is in force now, and whether the verb's budget of
  // the day has room (VerbRule::per_day). Refusals are logged too. One transaction: processes that
  // ask at once share the budget.
  Result<Decision> ask(const std::string& account, std::string_view verb, const Object& object,
                       std::string_view purpose, const std::string& origin, Time now,
                       std::string_view session = {});
  // What the asker then was shown: logged before it is shown.
  struct Shown {
    std::vector<std::string> fields{};
    std::vector<std::string> ids{};  // state IDs
    std::int64_t rows = 0;
    std::int64_t batch = 0;  // an assign: its IDs are those of this batch
    std::string head{};      // a change: the registry's head after it, "seq hash"
    std::string outcome{};   // the locator: what it answered, in a word (access/locator.h)
    std::string session{};   // by which the asker was signed in, if by one
    bool outside = false;    // the locator: an ID of somebody whom the asker's owner does not hold
  };
  Result<void> answered(const std::string& account, std::string_view verb, std::string_view purpose,
                        const Shown& shown, Time now);

  // SQLite's check, schema text, chain, signatures, and tables = replay. Gives the head.
  Result<ledger::Head> verify(const std::vector<ledger::SignedHead>& anchors, Progress& progress);
  // The same of a copy of the file, such as a backup's, with the public key alone.
  static Result<ledger::Head> verify_copy(const std::string& path, const Name& name,
                                          const PublicKey& key, Progress& progress);

 private:
  AccessLog();
  Result<void> require_account(const std::string& name);  // that is there and was not closed
  struct State;
  std::unique_ptr<State> state_;
};

std::string access_path(const std::string& registry_path);

}  // namespace tessera::access
