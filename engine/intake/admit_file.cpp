// One rule after another, each with its own words.
#include "engine/intake/admit_file.h"

#include <fmt/format.h>

namespace tessera::intake {
namespace {

Result<void> refuse_replay(registry::Registry& registry, const Arrival& file) {
  TESSERA_TRY(auto find,
              registry.database().prepare("SELECT batch FROM submission WHERE file = ?1"));
  TESSERA_TRY(const bool taken, find.bind(1, ByteView(file.digest)).step());
  if (!taken) return {};
  return Error{
      ErrorCode::conflict,
      fmt::format("a replay: batch {} took this very file; have it encoded anew, or say --again",
                  find.integer(0)),
      file.path};
}

}  // namespace

Result<void> admit_file(registry::Registry& registry, const registry::Epoch& epoch,
                        const Arrival& file, bool again) {
  if (file.header.question)
    return Error{
        ErrorCode::conflict,
        "is a question of 'tessera locate ask', and a question gives nobody an ID: answer "
        "it with 'tessera locate answer', or have the roster encoded with 'tessera encode'",
        file.path};
  if (file.header.decoys)
    return Error{ErrorCode::conflict,
                 "holds decoys, records of nobody, for a project run: none of them may get an ID; "
                 "have the roster encoded without --decoys",
                 file.path};
  if (!file.sealed) {
    if (registry.protection() == encoded::Protection::trial) return {};
    return Error{
        ErrorCode::conflict,
        "is neither sealed nor signed; only a registry created with --trial takes such files",
        file.path};
  }
  if (!epoch.key_check)
    return Error{ErrorCode::conflict,
                 "this registry does not know the project key; make it with --key-check, as "
                 "'tessera key show' prints it",
                 registry.path()};
  return again ? Result<void>{} : refuse_replay(registry, file);
}

}  // namespace tessera::intake
