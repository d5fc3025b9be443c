// The gate: every verb that reads or changes a registry asks here first who is asking and whether
// the policy lets them.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "engine/access/access_log.h"
#include "engine/registry/history.h"

namespace tessera::cli {

// What a verb got. Without accounts in the registry nothing is asked and everything is seen.
class Pass {
 public:
  Pass() = default;
  bool enforced() const { return log_ != nullptr; }
  // 1..4: how much of a record this asker sees; 0: it does not exist for this asker. `key`: hex.
  int level_for(std::string_view owner, access::People people, std::string_view key = "") const;
  int level_for(std::string_view owner, encoded::Population population,
                const encoded::RecordKey& key) const;
  int level_for_all() const;
  // The records that this asker sees anything of; empty where there are no accounts. Valid as long
  // as the pass.
  registry::Sees sees() const;
  bool shows(std::string_view answer, std::string_view field, int level) const;
  // Writes down what is about to be shown. Call before printing; on an error print nothing.
  Result<void> answered(access::AccessLog::Shown shown) const;
  access::AccessLog& log() const { return *log_; }
  const std::string& account() const { return account_; }
  // Who answers for a change: who is signed in, or without accounts whom --by names. Error `usage`
  // where --by names somebody else than who is signed in, or nobody where nobody is.
  Result<std::string> author(const std::string& by) const;
  const access::Decision& decision() const { return decision_; }
  access::Time now() const { return now_; }

 private:
  friend class Gate;
  std::shared_ptr<Random> random_;
  std::shared_ptr<access::AccessLog> log_;
  access::Decision decision_;
  std::string account_, verb_, purpose_, session_;
  access::Time now_ = 0;
};

// The flags --as, --password-file, --session and --purpose of a verb, and what they prove.
class Gate {
 public:
  void add_to(CLI::App& verb);
  // The time alone, which tests may set.
  void add_clock_to(CLI::App& verb);
  // For verbs whose policy needs no purpose of their own: signing in, changing one's password.
  void add_identity_to(CLI::App& verb);

  // Signs in and asks for `verb` on `object`; refusals are logged, and are error `conflict`.
  Result<Pass> ask(const std::string& registry, std::string_view verb,
                   const access::Object& object = {}) const;
  // Signs in alone. An initial password is let through only here. Error `usage` where the registry
  // has no accounts.
  Result<Pass> sign_in(const std::string& registry) const;

  access::Time now() const;
  const std::string& session() const { return session_; }
  const std::string& purpose() const { return purpose_; }

 private:
  Result<Pass> open(const std::string& registry) const;
  Result<access::Identity> identify(access::AccessLog& log) const;
  std::string as_, password_file_, session_, purpose_;
#ifdef TESSERA_SEEDABLE
  std::int64_t test_now_ = 0;
#endif
};

// Whom an ID's space, or a population of records, is about.
access::People people_of(registry::Space space);
access::People people_of(encoded::Population population);
// The log of a registry that has accounts; nullptr for one that has none.
Result<std::shared_ptr<access::AccessLog>> open_access(const std::string& registry, Random& random);
// A password, from a private file or a descriptor; its last newline is not part of it.
Result<std::string> read_password(const std::string& path);
// Where this process runs: user number and machine.
std::string origin_of_process();

}  // namespace tessera::cli
