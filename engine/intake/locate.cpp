// A question is weighed like a batch of one, and the decision told in one of three words.
#include "engine/intake/locate.h"

#include <algorithm>

#include "engine/intake/intake.h"
#include "engine/registry/live_id.h"

namespace tessera::intake {
namespace {

constexpr std::size_t kLeastPasses = 3;

}  // namespace

bool asks_too_little(const link::FileSet& files) {
  const encoded::JoinRecord& asked = files.record(0);
  return asked.mandatory == 0 ||
         asked.usable_passes < std::min(kLeastPasses, files.schema().passes.size());
}

Result<Located> locate(registry::Registry& registry, link::FileSet& files,
                       const link::Matcher& matcher, Progress& progress) {
  TESSERA_TRY(const Weighed weighed, weigh(registry, {&files, 1}, matcher, progress));
  const registry::Decision& d = weighed.decisions.front();
  if (d.status == registry::Status::new_id) return Located{.reply = Reply::none};
  if (d.status != registry::Status::existing) return Located{};
  TESSERA_TRY(const std::optional<registry::StateId> found,
              registry::live_id_of(registry, d.person));
  if (!found) return Located{};
  const std::string& owner = files.files().front().header().owner;
  TESSERA_TRY(const bool own, registry::holds(registry, owner, d.person));
  return Located{.reply = Reply::found, .id = *found, .outside = !own};
}

}  // namespace tessera::intake
