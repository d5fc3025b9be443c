// tessera registry: makes, describes and checks a registry of state IDs.
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "cli/gate.h"
#include "cli/group.h"
#include "cli/random_source.h"
#include "cli/registry_verbs.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/bytes.h"
#include "engine/core/json.h"
#include "engine/encoded/reader.h"
#include "engine/registry/epoch.h"
#include "engine/registry/history.h"
#include "engine/registry/registry.h"

namespace tessera::cli {
namespace registry_verb {
namespace {

struct InitOptions {
  std::string path;
  std::string schema = "default";
  std::string key_check;
  std::string from;
  bool trial = false;
  bool split = false;
  SeedOption seed;
};

Result<int> init(const InitOptions& o) {
  registry::CreateOptions create;
  TESSERA_TRY(create.schema, schema::load(o.schema));
  create.protection = o.trial ? encoded::Protection::trial : encoded::Protection::oprf;
  create.split = o.split;
  if (!o.key_check.empty()) {
    TESSERA_TRY(create.key_check, parse_key_check(o.key_check));
  }
  if (!o.from.empty()) {
    TESSERA_TRY(const encoded::File file, encoded::File::open(o.from));
    if (file.header().protection != create.protection)
      return Error{
          ErrorCode::conflict,
          o.trial ? "is no trial file; leave --trial away" : "is a trial file; add --trial",
          o.from};
    create.schema = file.header().schema;
    create.key_check = file.header().key_check;
  }
  const auto random = o.seed.source();
  TESSERA_CHECK(registry::Registry::create(o.path, create, *random));
  fmt::print("{}: registry for schema {} ({}), {}\n", o.path, create.schema.name,
             to_hex(schema::digest(create.schema)).substr(0, 16),
             o.trial ? "trial files only" : "files under a key service only");
  return kDone;
}

struct LookOptions {
  std::string path;
  bool json = false;
  Gate gate;
};

json::Value to_json(const registry::Registry& r, const registry::Counts& n) {
  const auto& key_check = r.current().key_check;
  json::Value v;
  v.set("schema", r.schema().name);
  v.set("schema_digest", to_hex(r.current().digest));
  v.set("epoch", r.schema().epoch);
  v.set("trial", r.protection() == encoded::Protection::trial);
  v.set("key_check", key_check ? json::Value(to_hex(*key_check)) : json::Value());
  const std::pair<std::string_view, std::int64_t> counts[] = {{"batches", n.batches},
                                                              {"owners", n.owners},
                                                              {"records", n.records},
                                                              {"persons", n.persons},
                                                              {"student_ids", n.student_ids},
                                                              {"staff_ids", n.staff_ids},
                                                              {"provisional_ids", n.provisional},
                                                              {"retired_ids", n.retired},
                                                              {"archived_ids", n.archived},
                                                              {"records_waiting", n.waiting},
                                                              {"open_reviews", n.open_reviews},
                                                              {"claims", n.claims},
                                                              {"alarms", n.alarms},
                                                              {"events", n.events}};
  for (const auto& [name, value] : counts) v.set(name, value);
  v.set("entries", n.entries);
  v.set("head", to_hex(n.head.hash));
  return v;
}

Result<int> info(const LookOptions& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.path, "registry info"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.path, registry::Access::read));
  TESSERA_TRY(const registry::Counts n, registry::count(r));
  json::Value value = to_json(r, n);
  const int level = pass.level_for_all();
  std::erase_if(*value.as_object(), [&](const json::Member& m) {
    return !pass.shows("registry info", m.first, level);
  });
  access::AccessLog::Shown shown;
  for (const auto& [name, member] : *value.as_object()) shown.fields.push_back(name);
  TESSERA_CHECK(pass.answered(std::move(shown)));
  if (o.json) {
    fmt::print("{}", json::to_text(value));
    return kDone;
  }
  for (const auto& [name, member] : *value.as_object()) {
    const std::string* text = member.as_string();
    std::string label = name;
    std::replace(label.begin(), label.end(), '_', ' ');
    fmt::print("{:<16} {}\n", label, text != nullptr ? *text : json::to_canonical(member));
  }
  return kDone;
}

Result<int> verify(const LookOptions& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.path, "registry verify"));
  TESSERA_TRY(registry::Registry r, registry::Registry::open(o.path, registry::Access::read));
  const auto progress = progress_bar();
  TESSERA_TRY(const ledger::Head head, r.verify(*progress));
  fmt::print("{}: intact: {} events, head {}\n", o.path, head.seq, to_hex(head.hash));
  return kDone;
}

Result<int> upgrade(const LookOptions& o) {
  TESSERA_TRY(const Pass pass, o.gate.ask(o.path, "registry upgrade"));
  const auto random = system_random();
  const auto progress = progress_bar();
  TESSERA_CHECK(registry::Registry::upgrade(o.path, *random, *progress));
  fmt::print("{}: of this program's format\n", o.path);
  return kDone;
}

void add_look(CLI::App& group, Action& chosen) {
  auto i = std::make_shared<LookOptions>();
  CLI::App* info_verb = group.add_subcommand("info", "what a registry holds, in counts");
  info_verb->add_option("REGISTRY", i->path, "registry")->required();
  info_verb->add_flag("--json", i->json, "as JSON");
  i->gate.add_to(*info_verb);
  info_verb->footer(
      "Example:\n  tessera registry info state.db --json\nExit status: 0 done, 3 io, 4 damaged.");
  info_verb->callback([&chosen, i] { chosen = [i] { return info(*i); }; });
  auto v = std::make_shared<LookOptions>();
  CLI::App* verify_verb = group.add_subcommand(
      "verify", "check a registry: pages, triggers, chain of events, tables, entries");
  verify_verb->add_option("REGISTRY", v->path, "registry")->required();
  v->gate.add_to(*verify_verb);
  verify_verb->footer(
      "Example:\n  tessera registry verify state.db\nExit status: 0 intact, 3 io, 4 damaged.\n"
      "A lost tail leaves a shorter valid chain: compare the head with the last receipt.");
  verify_verb->callback([&chosen, v] { chosen = [v] { return verify(*v); }; });
  auto u = std::make_shared<LookOptions>();
  CLI::App* upgrade_verb = group.add_subcommand(
      "upgrade", "bring a registry of an older format to this one, by replaying its events");
  upgrade_verb->add_option("REGISTRY", u->path, "registry; copy it and its entry store first")
      ->required();
  u->gate.add_to(*upgrade_verb);
  upgrade_verb->footer(
      "Example:\n  tessera registry upgrade state.db\nExit status: 0 done, or nothing to do; 3 io, "
      "4 "
      "damaged.");
  upgrade_verb->callback([&chosen, u] { chosen = [u] { return upgrade(*u); }; });
}

}  // namespace
}  // namespace registry_verb

Result<registry::KeyCheck> parse_key_check(std::string_view text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != 4)
    return Error{ErrorCode::usage,
                 "--key-check is eight hex digits, as 'tessera key show' prints them", ""};
  return registry::KeyCheck{(*bytes)[0], (*bytes)[1], (*bytes)[2], (*bytes)[3]};
}

void add_registry(CLI::App& root, Action& chosen) {
  using namespace registry_verb;
  CLI::App* group = add_group(root, "registry", "make, describe or check a registry of state IDs",
                              "tessera registry init state.db --trial");
  auto o = std::make_shared<InitOptions>();
  CLI::App* verb = group->add_subcommand("init", "make an empty registry");
  verb->add_option("REGISTRY", o->path, "file to make; the entry store goes beside it")->required();
  verb->add_option("--schema", o->schema, "linkage schema")->capture_default_str();
  verb->add_option("--from", o->from, "an encoded file: take schema and key check from it");
  verb->add_option("--key-check", o->key_check,
                   "check value of the project key (default: the first batch's)");
  verb->add_flag("--trial", o->trial,
                 "take trial files, whose keys come from a file, and no others");
  verb->add_flag("--split", o->split,
                 "a registrar's, which holds no entries: for 'tessera split assign'");
  o->seed.add_to(*verb);
  verb->footer("Example:\n  tessera registry init state.db --schema schema.json --trial");
  verb->callback([&chosen, o] { chosen = [o] { return init(*o); }; });
  add_look(*group, chosen);
  add_registry_epoch(*group, chosen);
  add_registry_owner(*group, chosen);
}

}  // namespace tessera::cli
