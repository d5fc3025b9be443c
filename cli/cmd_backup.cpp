// tessera backup: copies of a registry that are checked, restored, and drilled.
#include <chrono>
#include <memory>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/group.h"
#include "cli/say.h"
#include "cli/table.h"
#include "cli/verb.h"
#include "engine/backup/drill.h"
#include "engine/backup/purged.h"
#include "engine/backup/taken.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/registry/access_mark.h"

namespace tessera::cli {
namespace backup_verb {
namespace {

struct Options {
  std::string registry;
  std::string folder;
  std::string by;
  bool json = false;
  bool unchecked = false;          // a copy that nobody has looked at yet
  bool purge = false;              // take SSNs out of what is restored
  bool never_purged = false;       // the operator's word that none were purged since
  std::string since;               // a registry whose chain goes on after the backup
  bool nothing_destroyed = false;  // the operator's word
  Gate gate;
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
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "backup make"));
  const std::unique_ptr<Progress> bar = progress_bar();
  TESSERA_TRY(const backup::Manifest m,
              backup::make(o.registry, o.folder, now("{:%Y-%m-%dT%H:%M:%SZ}"), *bar, !o.unchecked));
  return print(o, m, "backed up");
}

Result<int> check(const Options& o) {
  const std::unique_ptr<Progress> bar = progress_bar();
  TESSERA_TRY(const backup::Manifest m, backup::check(o.folder, *bar));
  return print(o, m, "whole");
}

// The accounts that came back are asked who may bring them back: after a disaster there are no
// others. That needs the signing key, which is kept elsewhere.
Result<void> ask_restored(const Options& o) {
  TESSERA_TRY(const auto accounts, registry::access_log_of(o.registry));
  if (accounts && !file_exists(o.registry + ".key"))
    return Error{ErrorCode::crypto,
                 "this backup has accounts: put the registry's signing key there first",
                 o.registry + ".key"};
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "backup restore"));
  return {};
}

// What was taken out of a registrar's half; the entries are elsewhere.
Result<void> remind_of_store(const std::string& registry, const backup::TakenAgain& n) {
  TESSERA_TRY(const registry::Registry r,
              registry::Registry::open(registry, registry::Access::read));
  if (!r.split()) return {};
  if (n.ssns > 0)
    say_hint(
        "the comparer's store of that day holds SSNs still: order its purge with 'tessera ssn "
        "purge --order'");
  if (n.epochs > 0)
    say_hint(
        "the comparer's stores of that day hold the ended epochs still: order each one's end with "
        "'tessera registry epoch end --order'");
  return {};
}

// What was taken out for good since the backup was made goes again, as a later chain tells it.
Result<void> take_again(const Options& o, const backup::Manifest& m, Progress& progress) {
  TESSERA_TRY(const backup::Taken taken, backup::taken_since(m, o.since));
  const auto random = system_random();
  TESSERA_TRY(
      const backup::TakenAgain n,
      backup::take_again(o.registry, taken, access::day_of(o.gate.now()), *random, progress));
  say_note(
      fmt::format("taken out again: {} IDs destroyed, {} epochs ended, {} entries; SSNs of {} "
                  "records",
                  n.people, n.epochs, n.entries, n.ssns));
  return remind_of_store(o.registry, n);
}

// Without such a chain somebody must say that nothing of the kind happened.
Result<void> require_word(const Options& o) {
  TESSERA_TRY(const bool may, backup::may_hold(o.registry));
  if (!may || o.nothing_destroyed) return {};
  return Error{ErrorCode::conflict,
               "this backup has archived people or an older epoch, who may have been destroyed or "
               "ended since: name with --since the registry that was kept, or a younger backup's, "
               "or say --nothing-destroyed",
               o.folder};
}

// An old backup may hold SSNs that were purged since: they go again, or somebody says that there
// was no purge.
Result<void> settle_ssns(const Options& o, Progress& progress) {
  TESSERA_TRY(const bool held, backup::holds_ssn(o.registry));
  if (!held || o.never_purged) return {};
  if (!o.purge)
    return Error{ErrorCode::conflict,
                 "this backup holds SSNs: say --purge to take them out again, or --never-purged if "
                 "none were purged since it was made",
                 o.folder};
  const auto random = system_random();
  TESSERA_TRY(const registry::PurgeCount n,
              backup::purge_restored(o.registry, access::day_of(o.gate.now()), *random, progress));
  say_note(fmt::format("purged again: {} records, {} tokens, {} entries", n.records, n.tokens,
                       n.entries));
  return remind_of_store(o.registry, {.ssns = n.records});
}

Result<int> restore(const Options& o) {
  const std::unique_ptr<Progress> bar = progress_bar();
  TESSERA_TRY(const backup::Manifest m, backup::restore(o.folder, o.registry, *bar));
  auto allowed = ask_restored(o);
  if (allowed) allowed = o.since.empty() ? require_word(o) : take_again(o, m, *bar);
  if (allowed && o.since.empty()) allowed = settle_ssns(o, *bar);
  if (!allowed) {
    backup::remove_restored(o.registry);
    return allowed.error();
  }
  say_hint(fmt::format(
      "submit again what was assigned after batch {}, with 'tessera assign --lost' and the "
      "registry "
      "that was lost, so that nobody gets a second ID; put the signing key back as {}.key",
      m.batch, o.registry));
  return print(o, m, "restored");
}

Result<int> drill(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "backup drill"));
  TESSERA_TRY(const std::string by, pass.author(o.by));
  const std::unique_ptr<Progress> bar = progress_bar();
  TESSERA_TRY(const backup::Drill d,
              backup::drill(o.folder, o.registry, now("{:%Y-%m-%d}"), by, *bar));
  fmt::print("{}\n", d.result);
  return d.result == "restored" ? kDone : kAttention;
}

Result<int> list(const Options& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.registry, "backup drills"));
  TESSERA_TRY(const std::vector<backup::Drill> all, backup::drills(o.registry));
  AnswerTable table{{"day", "by", "backup", "result"}, {}};
  for (const backup::Drill& d : all) table.rows.push_back({d.day, d.by, d.backup, d.result});
  TESSERA_CHECK(show_table(pass, "backup drills", std::move(table), o.json));
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
    {"make", "copy registry and entry store to a new folder, and check the copy", make, true, true,
     "Writers wait until it is copied; of damaged files no backup is made.\nExample:\n  tessera "
     "backup make --registry state.db backup-2026-11-21\nExit status: 0 done; "
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
}  // namespace backup_verb

void add_backup(CLI::App& root, Action& chosen) {
  using namespace backup_verb;
  CLI::App* group = add_group(root, "backup", "copy, check, restore and drill a registry",
                              "tessera backup make --registry state.db backup-2026-11-21");
  auto o = std::make_shared<Options>();
  for (const Verb& v : kVerbsOfBackup) {
    CLI::App* verb = group->add_subcommand(v.name, v.help);
    if (v.registry) verb->add_option("--registry", o->registry, "registry")->required();
    if (v.folder) verb->add_option("folder", o->folder, "folder of the backup")->required();
    if (v.run == drill)
      verb->add_option("--by", o->by, "who does the drill (default: who is signed in)");
    if (v.run != drill) verb->add_flag("--json", o->json, "as JSON");
    if (v.registry) o->gate.add_to(*verb);
    if (v.run == make)
      verb->add_flag("--unchecked", o->unchecked,
                     "leave the check of the copy to a later 'tessera backup check'");
    if (v.run == restore) {
      CLI::Option* purge = verb->add_flag(
          "--purge", o->purge, "take SSNs out of what comes back; needs the signing key there");
      verb->add_flag("--never-purged", o->never_purged, "no SSN was purged since the backup")
          ->excludes(purge);
      CLI::Option* since = verb->add_option(
          "--since", o->since, "registry with the later chain: what it took out goes again");
      verb->add_flag("--nothing-destroyed", o->nothing_destroyed,
                     "nobody was destroyed and no epoch ended since the backup")
          ->excludes(since);
    }
    verb->footer(v.footer);
    verb->callback([&chosen, o, run = v.run] { chosen = [o, run] { return run(*o); }; });
  }
}

}  // namespace tessera::cli
