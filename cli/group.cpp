// One shape for every group: a verb is required, and the help ends with an example.
#include "cli/group.h"

#include <fmt/format.h>

#include "cli/unknown_verb.h"

namespace tessera::cli {

CLI::App* add_group(CLI::App& parent, const std::string& name, const std::string& help,
                    const std::string& example) {
  CLI::App* group = parent.add_subcommand(name, help);
  group->require_subcommand(1);
  group->footer(fmt::format("Example:\n  {}\nRun '{} VERB --help' for an example of each verb.",
                            example, path_of(*group)));
  return group;
}

}  // namespace tessera::cli
