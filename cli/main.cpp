// The command: reads the flags, runs the chosen verb, turns its Error into words and a status.
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "cli/attack_verb.h"
#include "cli/retention_verb.h"
#include "cli/say.h"
#include "cli/unknown_verb.h"
#include "cli/verb.h"
#include "engine/core/digest.h"
#include "engine/core/parallel.h"
#include "engine/core/secret.h"

namespace tessera::cli {
namespace {

// In the order a newcomer meets them.
constexpr AddVerb kVerbs[] = {
#ifdef TESSERA_OWNER
    add_encode,   add_receive, add_keyserver,
#ifndef TESSERA_NO_LINKAGE
    add_evaluate, add_train,   add_synth,     add_attack,
#endif
#endif
    add_key,      add_schema,  add_inspect,
#ifndef TESSERA_NO_LINKAGE
    add_link,     add_dedupe,  add_split,     add_registry, add_id,         add_review,
    add_assign,   add_desk,    add_retention, add_backup,   add_agreement,  add_release,
    add_report,   add_audit,   add_access,    add_ssn,      add_collection,
#endif
    add_locate,   add_clk,
};

int run(int argc, char** argv) {
  CLI::App app{
      "tessera: permanent IDs and record linkage from keyed encodings, without showing names",
      "tessera"};
  app.require_subcommand(1);
  app.set_version_flag("--version", "tessera " TESSERA_VERSION);
  std::size_t thread_count = 0;
  app.add_option("--threads", thread_count, "threads to use (default: all)")
      ->check(CLI::Range(1U, 1024U));
  app.footer(
      "Exit status: 0 done, 1 done with something to look at, 2 usage, 3 io, 4 format, "
      "5 crypto, 6 conflict, 7 limit.\nRun 'tessera VERB --help' for an example of each verb.");
  Action chosen;
  for (const AddVerb add : kVerbs) add(app, chosen);
  for (CLI::App* verb : app.get_subcommands({})) verb->fallthrough();
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    if (e.get_exit_code() == 0) return app.exit(e) == 0 ? kDone : kUsage;  // --help, --version
    const std::optional<std::string> unknown = unknown_verb(app);
    say_error({ErrorCode::usage, unknown ? *unknown : e.what(), ""});
    if (const CLI::App& last = last_verb(app); unknown && &last != &app)
      say_hint(fmt::format("'{} --help' lists its verbs", path_of(last)));
    else
      say_hint("'tessera --help' lists the verbs; 'tessera VERB --help' shows an example");
    return kUsage;
  }
  if (!chosen) return kUsage;
  set_threads(thread_count);
  const Result<int> done = chosen();
  // What was printed may still wait in a buffer: a full disk shows only when that is written.
  if (done && (std::fflush(stdout) != 0 || std::ferror(stdout) != 0)) {
    say_error(
        {ErrorCode::io, fmt::format("cannot write: {}", std::strerror(errno)), "standard output"});
    return kIo;
  }
  if (done) return *done;
  say_error(done.error());
  return exit_status(done.error());
}

}  // namespace

int exit_status(const Error& error) {
  switch (error.code) {
    case ErrorCode::usage:
      return kUsage;
    case ErrorCode::io:
      return kIo;
    case ErrorCode::format:
      return kFormat;
    case ErrorCode::crypto:
      return kCrypto;
    case ErrorCode::conflict:
      return kConflict;
    case ErrorCode::limit:
      return kLimit;
  }
  return kIo;
}

}  // namespace tessera::cli

int main(int argc, char** argv) {
  tessera::forbid_core_dumps();
  tessera::keep_openssl_to_the_end();
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of its write, not a death
  try {
    return tessera::cli::run(argc, argv);
  } catch (const std::bad_alloc&) {
    tessera::cli::say_error({tessera::ErrorCode::limit, "out of memory", ""});
    return tessera::cli::kLimit;
  } catch (const std::exception&) {
    // A library threw: its text could quote a value, so it is not shown.
    tessera::cli::say_error(
        {tessera::ErrorCode::io, "stopped by an unexpected failure in a library", ""});
    return tessera::cli::kIo;
  }
}
