// A verb of the command: its place in the help, its flags, and what it does.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "engine/core/result.h"

namespace tessera::cli {

// Exit statuses; the table in docs/cli.md.
enum Exit : int {
  kDone = 0,
  kAttention = 1,
  kUsage = 2,
  kIo = 3,
  kFormat = 4,
  kCrypto = 5,
  kConflict = 6,
  kLimit = 7
};
int exit_status(const Error& error);

// What a verb does once its flags are read: an exit status, or the Error that stopped it.
using Action = std::function<Result<int>()>;

// Adds a verb under `root`; when the user chose it, `chosen` becomes its action. Flags live in a
// shared_ptr that the action holds. Every verb sets a footer with an example.
using AddVerb = void (*)(CLI::App& root, Action& chosen);

// One function per cmd_<verb>.cpp, in the order of --help. Owner and laboratory verbs are
// declared always and linked only in the full build.
void add_key(CLI::App&, Action&);
void add_keyserver(CLI::App&, Action&);
void add_schema(CLI::App&, Action&);
void add_schema_adapt(CLI::App&, Action&);
void add_schema_check(CLI::App&, Action&);
void add_schema_dictionary(CLI::App&, Action&);
void add_registry(CLI::App&, Action&);
void add_registry_owner(CLI::App&, Action&);
void add_id(CLI::App&, Action&);
void add_review(CLI::App&, Action&);
void add_report(CLI::App&, Action&);
void add_desk(CLI::App&, Action&);
void add_backup(CLI::App&, Action&);
void add_agreement(CLI::App&, Action&);
void add_release(CLI::App&, Action&);
void add_locate_ask(CLI::App&, Action&);
void add_locate(CLI::App&, Action&);
void add_access(CLI::App&, Action&);
void add_ssn(CLI::App&, Action&);
void add_collection(CLI::App&, Action&);
void add_assign(CLI::App&, Action&);
void add_audit(CLI::App&, Action&);
void add_train(CLI::App&, Action&);
void add_dedupe(CLI::App&, Action&);
void add_link(CLI::App&, Action&);
void add_split(CLI::App&, Action&);
void add_encode(CLI::App&, Action&);
void add_inspect(CLI::App&, Action&);
void add_receive(CLI::App&, Action&);
void add_evaluate(CLI::App&, Action&);
void add_synth(CLI::App&, Action&);
void add_clk(CLI::App&, Action&);

}  // namespace tessera::cli
