#include "cli/gate.h"

#include <chrono>
#include <unistd.h>

#include <fmt/format.h>

#include "engine/core/bytes.h"
#include "engine/core/file.h"
#include "engine/core/secret.h"
#include "engine/registry/access_mark.h"

namespace tessera::cli {

int Pass::level_for(std::string_view owner, access::People people, std::string_view key) const {
  return log_ == nullptr ? 1 : decision_.level_for(owner, people, key);
}
int Pass::level_for(std::string_view owner, encoded::Population population,
                    const encoded::RecordKey& key) const {
  return level_for(owner, people_of(population), to_hex(key));
}
int Pass::level_for_all() const { return log_ == nullptr ? 1 : decision_.level_for_all(); }
registry::Sees Pass::sees() const {
  if (log_ == nullptr) return {};
  return [this](const std::string& owner, encoded::Population population,
                const encoded::RecordKey& key) { return level_for(owner, population, key) != 0; };
}
bool Pass::shows(std::string_view answer, std::string_view field, int level) const {
  return log_ == nullptr || log_->levels().shows(answer, field, level);
}
Result<void> Pass::answered(access::AccessLog::Shown shown) const {
  if (log_ == nullptr) return {};
  shown.session = session_;
  return log_->answered(account_, verb_, purpose_, shown, now_);
}

Result<std::string> Pass::author(const std::string& by) const {
  if (log_ == nullptr && by.empty())
    return Error{ErrorCode::usage, "say with --by who answers for this", ""};
  if (log_ != nullptr && !by.empty() && by != account_)
    return Error{ErrorCode::usage, "--by names another account than the one signed in", ""};
  return log_ == nullptr ? by : account_;
}

void Gate::add_identity_to(CLI::App& verb) {
  verb.add_option("--as", as_, "your account, where the registry has accounts")->group("Access");
  verb.add_option("--password-file", password_file_, "file or descriptor with your password")
      ->group("Access");
  verb.add_option("--session", session_, "session file of 'tessera access login' in place of both")
      ->group("Access");
  add_clock_to(verb);
}

void Gate::add_clock_to([[maybe_unused]] CLI::App& verb) {
#ifdef TESSERA_SEEDABLE
  verb.add_option("--test-now", test_now_, "seconds since 1970 (test builds only)")->group("");
#endif
}

void Gate::add_to(CLI::App& verb) {
  add_identity_to(verb);
  verb.add_option("--purpose", purpose_, "what for, in the policy's words")->group("Access");
}

access::Time Gate::now() const {
#ifdef TESSERA_SEEDABLE
  if (test_now_ != 0) return test_now_;
#endif
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

Result<access::Identity> Gate::identify(access::AccessLog& log) const {
  const std::string origin = origin_of_process();
  if (!session_.empty()) {
    TESSERA_TRY(std::string token, read_password(session_));
    auto who = log.resume(token, origin, now());
    wipe({reinterpret_cast<std::uint8_t*>(token.data()), token.size()});
    if (who && !as_.empty() && who->account != as_)
      return Error{ErrorCode::usage, "this session is of another account than --as names",
                   session_};
    return who;
  }
  if (as_.empty() || password_file_.empty())
    return Error{ErrorCode::usage,
                 "this registry has accounts: give --as and --password-file, or --session", ""};
  TESSERA_TRY(std::string password, read_password(password_file_));
  auto who = log.sign_in(as_, password, origin, access::Work::interactive, now());
  wipe({reinterpret_cast<std::uint8_t*>(password.data()), password.size()});
  return who;
}

Result<Pass> Gate::open(const std::string& registry) const {
  Pass pass;
  pass.random_ = system_random();
  TESSERA_TRY(pass.log_, open_access(registry, *pass.random_));
  pass.now_ = now();
  pass.purpose_ = purpose_;
  return pass;
}

Result<Pass> Gate::sign_in(const std::string& registry) const {
  TESSERA_TRY(Pass pass, open(registry));
  if (!pass.enforced())
    return Error{ErrorCode::usage,
                 "this registry has no accounts; 'tessera access init' makes the first", registry};
  TESSERA_TRY(const access::Identity who, identify(*pass.log_));
  pass.account_ = who.account;
  return pass;
}

Result<Pass> Gate::ask(const std::string& registry, std::string_view verb,
                       const access::Object& object) const {
  TESSERA_TRY(Pass pass, open(registry));
  if (!pass.enforced()) return pass;
  TESSERA_TRY(const access::Identity who, identify(*pass.log_));
  if (who.initial)
    return Error{ErrorCode::conflict,
                 "this password was chosen by somebody else; change it first with 'tessera access "
                 "password'",
                 ""};
  pass.account_ = who.account;
  pass.verb_ = verb;
  pass.session_ = who.session;
  TESSERA_TRY(pass.decision_, pass.log_->ask(who.account, verb, object, purpose_,
                                             origin_of_process(), pass.now_, who.session));
  if (!pass.decision_.allowed)
    return Error{ErrorCode::conflict,
                 fmt::format("the policy refuses '{}': {}", verb, pass.decision_.why), ""};
  return pass;
}

access::People people_of(registry::Space space) {
  return space == registry::Space::staff ? access::People::staff : access::People::students;
}
access::People people_of(encoded::Population population) {
  return population == encoded::Population::staff ? access::People::staff
                                                  : access::People::students;
}

Result<std::shared_ptr<access::AccessLog>> open_access(const std::string& registry,
                                                       Random& random) {
  TESSERA_TRY(const auto name, registry::access_log_of(registry));
  const std::string path = access::access_path(registry);
  if (!name) {
    if (file_exists(path))
      return Error{ErrorCode::conflict,
                   "the registry names no access log, yet there is one: put back the registry that "
                   "belongs to it, or move it away",
                   path};
    return std::shared_ptr<access::AccessLog>();
  }
  if (!file_exists(path))
    return Error{ErrorCode::io,
                 "the registry has accounts, but its access log is not there; put it back", path};
  TESSERA_TRY(SigningKey key, SigningKey::read(registry + ".key"));
  TESSERA_TRY(access::AccessLog log, access::AccessLog::open(path, *name, std::move(key), random));
  return std::make_shared<access::AccessLog>(std::move(log));
}

Result<std::string> read_password(const std::string& path) {
  if (path != "-" && !path.starts_with("/dev/fd/")) TESSERA_CHECK(require_private(path));
  TESSERA_TRY(std::string text, read_file(path, 4096));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

std::string origin_of_process() {
  char host[256] = "";
  if (gethostname(host, sizeof(host) - 1) != 0) host[0] = '\0';
  return fmt::format("{}@{}", getuid(), host);
}

}  // namespace tessera::cli
