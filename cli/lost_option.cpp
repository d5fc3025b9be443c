#include "cli/lost_option.h"

#include <fmt/format.h>

#include "cli/say.h"

namespace tessera::cli {

void LostOption::add_to(CLI::App& verb) {
  verb.add_option("--lost", path,
                  "the registry that a restore replaced, without its entry store if need be: who "
                  "had an ID there gets it again");
}

Result<void> LostOption::recall(registry::Registry& registry) const {
  return path.empty() ? Result<void>{} : registry.recall_lost(path);
}

void LostOption::say(const registry::Receipt& receipt) const {
  if (!path.empty())
    say_note(fmt::format("{} of {} IDs issued are those of the lost registry", receipt.ids_again,
                         receipt.ids_issued));
}

}  // namespace tessera::cli
