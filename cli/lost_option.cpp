#include "cli/lost_option.h"

#include <fmt/format.h>

#include "cli/say.h"

namespace tessera::cli {

void LostOption::add_to(CLI::App& verb) {
  verb.add_option("--lost", path_,
                  "the registry that a restore replaced, without its entry store if need be: who "
                  "had an ID there gets it again");
}

Result<void> LostOption::look_into(registry::Registry& registry, registry::Batch& batch) {
  if (path_.empty()) return {};
  TESSERA_TRY(lost_, registry::LostIds::open(path_, registry));
  batch.lost = &*lost_;
  return {};
}

void LostOption::say(const registry::Receipt& receipt) const {
  if (lost_)
    say_note(fmt::format("{} of {} IDs issued are those of the lost registry", receipt.ids_again,
                         receipt.ids_issued));
}

}  // namespace tessera::cli
