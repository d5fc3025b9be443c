// tessera clk: the field's common format, for those who already have such data.
#include "cli/clk_verbs.h"

namespace tessera::cli {

void add_clk(CLI::App& root, Action& chosen) {
  CLI::App* group = root.add_subcommand(
      "clk", "CLKs of clkhash and anonlink: encode, link, dedupe, solve (weak: see --help)");
  group->require_subcommand(1);
  group->footer(
      std::string(kClkWarning) +
      "\n\nExample:\n  tessera clk encode people.csv --schema schema.json --secret-file secret "
      "-o a.json\n  tessera clk link a.json b.json --threshold 0.85 -o groups.json");
#ifdef TESSERA_OWNER
  add_clk_encode(*group, chosen);
#endif
  add_clk_link(*group, chosen);
  add_clk_solve(*group, chosen);
  for (CLI::App* verb : group->get_subcommands({})) verb->fallthrough();
}

}  // namespace tessera::cli
