// tessera registry: makes, describes and checks a registry of state IDs.
#include <memory>

#include <fmt/format.h>

#include "cli/random_source.h"
#include "cli/say.h"
#include "cli/verb.h"
#include "engine/core/bytes.h"
#include "engine/registry/registry.h"

namespace tessera::cli {
namespace {

struct InitOptions {
  std::string path;
  std::string schema = "default";
  std::string key_check;
  bool trial = false;
  SeedOption seed;
};

Result<int> init(const InitOptions& o) {
  registry::CreateOptions create;
  TESSERA_TRY(create.schema, schema::load(o.schema));
  create.protection = o.trial ? encoded::Protection::trial : encoded::Protection::oprf;
  if (!o.key_check.empty()) {
    const auto bytes = from_hex(o.key_check);
    if (!bytes || bytes->size() != 4)
      return Error{ErrorCode::usage, "--key-check is eight hex digits, as 'tessera key show' prints them", ""};
    create.key_check = registry::KeyCheck{(*bytes)[0], (*bytes)[1], (*bytes)[2], (*bytes)[3]};
  }
  const auto random = o.seed.source();
  TESSERA_CHECK(registry::Registry::create(o.path, create, *random));
  fmt::print("{}: registry for schema {} ({}), {}\n", o.path, create.schema.name,
             to_hex(schema::digest(create.schema)).substr(0, 16),
             o.trial ? "trial files only" : "files under a key service only");
  return kDone;
}

}  // namespace

void add_registry(CLI::App& root, Action& chosen) {
  CLI::App* group = root.add_subcommand("registry", "make, describe or check a registry of state IDs");
  group->require_subcommand(1);
  auto o = std::make_shared<InitOptions>();
  CLI::App* verb = group->add_subcommand("init", "make an empty registry");
  verb->add_option("REGISTRY", o->path, "file to make; the entry store goes beside it")->required();
  verb->add_option("--schema", o->schema, "linkage schema")->capture_default_str();
  verb->add_option("--key-check", o->key_check, "check value of the project key (default: the first batch's)");
  verb->add_flag("--trial", o->trial, "take trial files, whose keys come from a file, and no others");
  o->seed.add_to(*verb);
  verb->footer("Example:\n  tessera registry init state.db --schema schema.json --trial");
  verb->callback([&chosen, o] { chosen = [o] { return init(*o); }; });
}

}  // namespace tessera::cli
