// One file after another, each rule with its own words.
#include "engine/intake/admit.h"

#include <fmt/format.h>

namespace tessera::intake {
namespace {

Result<void> refuse_replay(registry::Registry& registry, const encoded::File& file) {
  TESSERA_TRY(auto find,
              registry.database().prepare("SELECT batch FROM submission WHERE file = ?1"));
  TESSERA_TRY(const bool taken, find.bind(1, ByteView(file.digest())).step());
  if (!taken) return {};
  return Error{
      ErrorCode::conflict,
      fmt::format("a replay: batch {} took this very file; have it encoded anew, or say --again",
                  find.integer(0)),
      file.path()};
}

}  // namespace

Result<void> admit(registry::Registry& registry, const link::FileSet& files, bool again) {
  for (const encoded::File& file : files.files()) {
    TESSERA_CHECK(registry.accepts(file.header(), file.path()));
    if (!file.sealed()) {
      if (registry.protection() == encoded::Protection::trial) continue;
      return Error{
          ErrorCode::conflict,
          "is neither sealed nor signed; only a registry created with --trial takes such files",
          file.path()};
    }
    if (!registry.key_check())
      return Error{ErrorCode::conflict,
                   "this registry does not know the project key; make it with --key-check, as "
                   "'tessera key show' prints it",
                   registry.path()};
    if (!again) TESSERA_CHECK(refuse_replay(registry, file));
  }
  return {};
}

}  // namespace tessera::intake
