// tessera backup: copies of a registry that are checked, restored, and drilled.
#include <chrono>
#include <memory>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/say.h"
#include "cli/verb.h"
#include "engine/backup/drill.h"
#include "engine/core/csv.h"
#include "engine/core/json.h"

namespace tessera::cli {
namespace {

struct Options {
  std::string registry;
  std::string folder;
  std::string by;
  bool json = false;
};

std::string now(const char* format) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format(fmt::runtime(format), fmt::gmtime(seconds));
}

int print(const Options& o, const backup::Manifest& m, std::string_view what) {
  if (o.json)
    fmt::print("{}", json::to_text(json::Object{{"made", m.made},
                                                {"batch", m.batch},
                                                {"events", m.head.seq},
                                                {"head", to_hex(m.head.hash)}}));
  else
    fmt::print("{}: {}: batch {}, {} events, head {}\n", o.folder, what, m.batch, m.head.seq,
               to_hex(m.head.hash));
  return kDone;
}

Result<int> make(const Options& o) {
  const std::unique_ptr<Progress> bar = progress_bar();
  TESSERA_TRY(const backup::Manifest m,
              backup::make(o.registry, o.folder, now("{:%Y-%m-%dT%H:%M:%SZ}"), *bar));
  return print(o, m, "backed up");
}

Result<int> check(const Options& o) {
  const std::unique_ptr<Progress> bar = progress_bar();
  TESSERA_TRY(const backup::Manifest m, backup::check(o.folder, *bar));
  return print(o, m, "whole");
}

Result<int> restore(const Options& o) {
  const std::unique_ptr<Progress> bar = progress_bar();
  TESSERA_TRY(const backup::Manifest m, backup::restore(o.folder, o.registry, *bar));
  say_hint("submit again what was assigned after batch " + std::to_string(m.batch) +
           "; put the signing key back as " + o.registry +
           ".key; keep the damaged registry, for it may hold IDs that this one does not know");
  return print(o, m, "restored");
}

Result<int> drill(const Options& o) {
  const std::unique_ptr<Progress> bar = progress_bar();
  TESSERA_TRY(const backup::Drill d,
              backup::drill(o.folder, o.registry, now("{:%Y-%m-%d}"), o.by, *bar));
  fmt::print("{}\n", d.result);
  return d.result == "restored" ? kDone : kAttention;
}

Result<int> list(const Options& o) {
  TESSERA_TRY(const std::vector<backup::Drill> all, backup::drills(o.registry));
  std::string out;
  csv::append_row(out, {"day", "by", "backup", "result"});
  for (const backup::Drill& d : all) csv::append_row(out, {d.day, d.by, d.backup, d.result});
  fmt::print("{}", out);
  if (all.empty()) say_warning("this registry's backups were never tried: 'tessera backup drill'");
  return all.empty() ? kAttention : kDone;
}

struct Verb {
  const char* name;
  const char* help;
  Result<int> (*run)(const Options&);
  bool registry;
  bool folder;
  const char* footer;
};

constexpr Verb kVerbsOfBackup[] = {
    {"make", "copy registry and entry store to a new folder; writers wait meanwhile", make, true,
     true,
     "Example:\n  tessera backup make --registry state.db backup-2026-11-21\nExit status: 0 done; "
     "3 "
     "io, 4 damaged, 6 the folder exists."},
    {"check", "whether a backup is whole: digests, chain, tables", check, false, true,
     "Example:\n  tessera backup check backup-2026-11-21\nExit status: 0 whole; 3 io, 4 damaged."},
    {"restore", "make a new registry from a backup", restore, true, true,
     "Example:\n  tessera backup restore --registry state-again.db backup-2026-11-21\nExit status: "
     "0 "
     "done; 3 io, 4 damaged, 6 the registry exists."},
    {"drill", "try a restore beside the live registry and write it down", drill, true, true,
     "Example:\n  tessera backup drill --registry state.db --by e.dunn backup-2026-11-21\nExit "
     "status: 0 restored; 1 it did not restore, 3 io."},
    {"drills", "every drill there was, as CSV", list, true, false,
     "Example:\n  tessera backup drills --registry state.db\nExit status: 0 done; 1 there was "
     "none; 3 "
     "io, 4 damaged."},
};

}  // namespace

void add_backup(CLI::App& root, Action& chosen) {
  CLI::App* group = root.add_subcommand("backup", "copy, check, restore and drill a registry");
  group->require_subcommand(1);
  auto o = std::make_shared<Options>();
  for (const Verb& v : kVerbsOfBackup) {
    CLI::App* verb = group->add_subcommand(v.name, v.help);
    if (v.registry) verb->add_option("--registry", o->registry, "registry")->required();
    if (v.folder) verb->add_option("folder", o->folder, "folder of the backup")->required();
    if (v.run == drill) verb->add_option("--by", o->by, "who does the drill")->required();
    if (v.run != drill && v.run != list) verb->add_flag("--json", o->json, "as JSON");
    verb->footer(v.footer);
    verb->callback([&chosen, o, run = v.run] { chosen = [o, run] { return run(*o); }; });
  }
}

}  // namespace tessera::cli
