// The groups of verbs that both sides share, as tessera-owner has them: its own verbs only.
#include "cli/clk_verbs.h"
#include "cli/group.h"
#include "cli/verb.h"

namespace tessera::cli {

void add_locate(CLI::App& root, Action& chosen) {
  CLI::App* group =
      add_group(root, "locate", "find the state ID of a student who moved here",
                "tessera locate ask newcomer.csv --key project.key --owner south -o question.tess");
  add_locate_ask(*group, chosen);
}

void add_clk(CLI::App& root, Action& chosen) {
  CLI::App* group =
      root.add_subcommand("clk", "CLKs of clkhash and anonlink: encode (weak: see --help)");
  group->require_subcommand(1);
  group->footer(std::string(kClkWarning) +
                "\n\nExample:\n  tessera clk encode people.csv --schema schema.json --secret-file "
                "secret -o a.json");
  add_clk_encode(*group, chosen);
  for (CLI::App* verb : group->get_subcommands({})) verb->fallthrough();
}

}  // namespace tessera::cli
