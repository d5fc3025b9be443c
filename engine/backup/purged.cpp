#include "engine/backup/purged.h"

#include "engine/registry/registry.h"

namespace tessera::backup {

using registry::Registry;

Result<bool> holds_ssn(const std::string& path) {
  TESSERA_TRY(Registry r, Registry::open(path, registry::Access::read));
  TESSERA_TRY(const std::int64_t held,
              r.database().integer("SELECT EXISTS(SELECT 1 FROM record WHERE ssn = 1)"));
  return held != 0;
}

Result<registry::PurgeCount> purge_restored(const std::string& path, const std::string& day,
                                            Random& random, Progress& progress) {
  {
    TESSERA_TRY(Registry r, Registry::open(path, registry::Access::write));
    const auto field = r.schema().field(schema::Kind::ssn);
    if (!field) return Error{ErrorCode::usage, "the registry's schema has no SSN", path};
    const std::string& name = r.schema().fields[*field].name;
    TESSERA_TRY(const auto rules, registry::collection_rules(r));
    if (!registry::stopped_for_all(rules, name, day)) {
      TESSERA_TRY(const auto head, r.set_collection({name, "", day, registry::Collect::strip}));
      (void)head;
    }
  }
  TESSERA_TRY(Registry r, Registry::open(path, registry::Access::write));
  if (r.split()) return registry::forget_ssn(r, {}, random, progress);
  return registry::purge_ssn(r, random, progress);
}

}  // namespace tessera::backup
