// tessera key: makes and describes project keys.
#include <memory>

#include <fmt/format.h>

#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/bytes.h"
#include "engine/keys/key_file.h"

namespace tessera::cli {
namespace {

struct NewOptions {
  std::string path;
  std::string name = "trial";
  bool force = false;
};

Result<int> new_key(const NewOptions& o) {
  const auto random = system_random();
  const keys::ProjectKey key = keys::new_project_key(o.name, *random);
  TESSERA_CHECK(keys::write_key(o.path, key, {.force = o.force, .mode = 0600}));
  fmt::print("{}: key check {}\n", o.path, to_hex(keys::key_check(key)));
  say_note(
      "this is a trial key: whoever holds it can test guesses offline. Keep it from the linkage "
      "unit.");
  return kDone;
}

Result<int> show_key(const std::string& path) {
  TESSERA_TRY(const keys::ProjectKey key, keys::read_key(path));
  fmt::print("name       {}\nkind       project key, trial (offline mode)\nkey check  {}\n",
             key.name, to_hex(keys::key_check(key)));
  return kDone;
}

}  // namespace

void add_key(CLI::App& root, Action& chosen) {
  CLI::App* key = root.add_subcommand("key", "make or describe a project key");
  key->require_subcommand(1);
  auto o = std::make_shared<NewOptions>();
  CLI::App* make = key->add_subcommand("new", "make a trial project key, readable by you alone");
  make->add_option("KEY", o->path, "file to write")->required();
  make->add_option("--name", o->name, "name of the project, for people");
  make->add_flag("--force", o->force, "replace an existing file");
  make->footer("Example:\n  tessera key new project.key --name maine-2026");
  make->callback([&chosen, o] { chosen = [o] { return new_key(*o); }; });
  CLI::App* show = key->add_subcommand("show", "describe a key file without showing the key");
  auto path = std::make_shared<std::string>();
  show->add_option("KEY", *path, "key file")->required();
  show->footer("Example:\n  tessera key show project.key");
  show->callback([&chosen, path] { chosen = [path] { return show_key(*path); }; });
}

}  // namespace tessera::cli
