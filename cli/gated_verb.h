// How a verb of a registry is added to its group: name, help, the registry, who asks, what it runs.
#pragma once

#include <memory>

#include "cli/gate.h"
#include "cli/verb.h"

namespace tessera::cli {

// `Options` has the members `registry` and `gate`. `registry` says how it is given: "REGISTRY", by
// its place, or "--registry". The caller adds the other flags and the footer.
template <typename Options>
CLI::App* add_gated_verb(CLI::App& group, Action& chosen, const char* name, const char* help,
                         const char* registry, const std::shared_ptr<Options>& o,
                         Result<int> (*run)(const Options&)) {
  CLI::App* verb = group.add_subcommand(name, help);
  verb->add_option(registry, o->registry, "registry")->required();
  o->gate.add_to(*verb);
  verb->callback([&chosen, o, run] { chosen = [o, run] { return run(*o); }; });
  return verb;
}

}  // namespace tessera::cli
