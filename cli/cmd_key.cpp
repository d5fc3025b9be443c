// tessera key new, show, fingerprint: makes keys and says what is in a key file, but never the key.
#include <memory>

#include <fmt/format.h>

#include "cli/group.h"
#include "cli/key_verbs.h"
#include "cli/passphrase.h"
#include "cli/random_source.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/file.h"
#include "engine/core/json.h"
#include "engine/seal/key_text.h"
#ifdef TESSERA_OWNER
#include "cli/project_key.h"
#endif

namespace tessera::cli {
namespace key_verb {
namespace {

struct NewOptions {
  std::string path;
#ifdef TESSERA_OWNER
  std::string kind = "project";
#else
  std::string kind;
#endif
  std::string name;
  std::string epoch;
  bool locked = false;
  bool force = false;
  PassphraseOption passphrase;
};

Result<int> new_pair(const NewOptions& o, seal::Use use, Random& random) {
  if (!seal::is_name(o.name))
    return Error{ErrorCode::usage,
                 "--name is the organisation's: 1 to 64 letters, digits, dots, hyphens or "
                 "underscores",
                 ""};
  const seal::KeyPair pair = seal::new_key_pair(use, o.name, random);
  TESSERA_CHECK(write_private(o.path, seal::to_text(pair), o.locked || o.passphrase.given(),
                              o.passphrase, random, o.force));
  fmt::print("{}: {} key of {}, fingerprint {}\n", o.path, name_of(use), o.name,
             seal::fingerprint(pair.open));
  return kDone;
}

Result<int> new_key(const NewOptions& o) {
  const auto random = system_random();
  if (const auto use = seal::use_named(o.kind)) return new_pair(o, *use, *random);
#ifdef TESSERA_OWNER
  if (o.kind == "project") {
    const NewText made = new_project_text(o.name.empty() ? "trial" : o.name, o.epoch, *random);
    TESSERA_CHECK(write_private(o.path, made.text, o.locked || o.passphrase.given(), o.passphrase,
                                *random, o.force));
    fmt::print("{}: {}\n", o.path, made.said);
    say_note(made.note);
    return kDone;
  }
  return Error{ErrorCode::usage, "--kind is one of project, owner, unit, entries, join", ""};
#else
  return Error{ErrorCode::usage, "--kind is one of owner, unit, entries, join", ""};
#endif
}

struct LookOptions {
  std::string path;
  bool json = false;
  PassphraseOption passphrase;
};

json::Object describe_public(const seal::PublicFile& file) {
  json::Object out{{"name", file.key.name},
                   {"kind", fmt::format("{} key, public half", name_of(file.key.use))},
                   {"fingerprint", seal::fingerprint(file.key)}};
  if (file.before) out.emplace_back("follows", seal::fingerprint(file.key.use, *file.before));
  return out;
}

Result<json::Object> describe(const std::string& path, const PassphraseOption& passphrase) {
  TESSERA_TRY(SecretText open, read_secret(path));
  if (open.reveal().starts_with("tessera-public ")) {
    TESSERA_TRY(const seal::PublicFile file, seal::public_from_text(open.reveal(), path));
    return describe_public(file);
  }
  const bool locked = seal::is_locked(open.reveal());
  TESSERA_TRY(const SecretText text, seal::unlock_private(std::move(open), path, passphrase.ask()));
  json::Object out;
#ifdef TESSERA_OWNER
  if (!seal::is_pair(text.reveal())) {
    TESSERA_TRY(out, describe_project(text.reveal(), path));
    if (locked) out.emplace_back("locked", "with a passphrase");
    return out;
  }
#endif
  TESSERA_TRY(const seal::KeyPair pair, seal::pair_from_text(text.reveal(), path));
  out = {{"name", pair.open.name},
         {"kind", fmt::format("{} key", name_of(pair.open.use))},
         {"fingerprint", seal::fingerprint(pair.open)}};
  if (locked) out.emplace_back("locked", "with a passphrase");
  return out;
}

Result<int> show(const LookOptions& o) {
  TESSERA_TRY(const json::Object words, describe(o.path, o.passphrase));
  if (o.json) {
    fmt::print("{}", json::to_text(words));
    return kDone;
  }
  for (const auto& [name, value] : words) fmt::print("{:<10} {}\n", name, *value.as_string());
  return kDone;
}

Result<int> print_fingerprint(const LookOptions& o) {
  TESSERA_TRY(const json::Object words, describe(o.path, o.passphrase));
  for (const auto& [name, value] : words)
    if (name == "fingerprint" || name == "key check") fmt::print("{}\n", *value.as_string());
  return kDone;
}

void add_new(CLI::App& key, Action& chosen) {
  auto o = std::make_shared<NewOptions>();
  CLI::App* verb = key.add_subcommand("new", "make a key, readable by you alone");
  verb->add_option("KEY", o->path, "file to write")->required();
#ifdef TESSERA_OWNER
  verb->add_option("--kind", o->kind, "project, owner, unit, entries or join")
      ->capture_default_str();
  verb->add_option("--epoch", o->epoch,
                   "project: the schema's epoch; for a project with a key service");
#else
  verb->add_option("--kind", o->kind, "owner, unit, entries or join")->required();
#endif
  verb->add_option("--name", o->name,
                   "name of the project, or of the organisation whose key it is");
  verb->add_flag("--passphrase", o->locked, "lock it with a passphrase");
  o->passphrase.add_to(*verb);
  verb->add_flag("--force", o->force, "replace an existing file");
  verb->footer(
#ifdef TESSERA_OWNER
      "project: what all who encode share; a trial key unless --epoch is given. owner: signs an\n"
      "owner's files and names its records.\n"
#endif
      "entries, join: the linkage unit's two, to which files are sealed.\n"
      "unit: signs what the linkage unit says.\n"
      "Example:\n"
#ifdef TESSERA_OWNER
      "  tessera key new project.key --name maine-2026\n"
      "  tessera key new north.key --kind owner --name north --passphrase"
#else
      "  tessera key new unit-entries.key --kind entries --name unit --passphrase"
#endif
  );
  verb->callback([&chosen, o] { chosen = [o] { return new_key(*o); }; });
}

void add_look(CLI::App& key, Action& chosen) {
  auto o = std::make_shared<LookOptions>();
  CLI::App* verb = key.add_subcommand("show", "describe a key file without showing the key");
  verb->add_option("KEY", o->path, "key file, secret or public")->required();
  verb->add_flag("--json", o->json, "print JSON");
  o->passphrase.add_to(*verb);
  verb->footer("Example:\n  tessera key show project.key");
  verb->callback([&chosen, o] { chosen = [o] { return show(*o); }; });
  auto f = std::make_shared<LookOptions>();
  verb = key.add_subcommand("fingerprint", "what to read out over a telephone, to compare keys");
  verb->add_option("KEY", f->path, "key file, secret or public")->required();
  f->passphrase.add_to(*verb);
  verb->footer("Example:\n  tessera key fingerprint north.pub\nOf a project key: its key check.");
  verb->callback([&chosen, f] { chosen = [f] { return print_fingerprint(*f); }; });
}

}  // namespace
}  // namespace key_verb

Result<void> write_private(const std::string& path, const SecretText& text, bool locked,
                           const PassphraseOption& passphrase, Random& random, bool force) {
  using namespace key_verb;
  if (!force && path != "-" && file_exists(path))
    return Error{ErrorCode::usage, "already exists; give --force to replace it", path};
  const AtomicFile::Options options{.force = force, .mode = 0600};
  if (!locked) return write_file(path, text.reveal(), options);
  TESSERA_TRY(const SecretText words, passphrase.choose());
  return write_file(path, seal::lock(text, words, random), options);
}

void add_key(CLI::App& root, Action& chosen) {
  using namespace key_verb;
  CLI::App* key = add_group(root, "key", "make, describe, replace or give up keys",
                            "tessera key new project.key");
  add_new(*key, chosen);
  add_look(*key, chosen);
  add_key_changes(*key, chosen);
}

}  // namespace tessera::cli
