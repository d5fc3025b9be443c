// Project keys for `tessera key`: made, followed by another, described.
#include "cli/project_key.h"

#include "engine/core/bytes.h"
#include "engine/keys/key_file.h"

namespace tessera::cli {
namespace {

NewText text_of(const keys::ProjectKey& key) {
  return {keys::to_text(key), "key check " + to_hex(keys::key_check(key)),
          key.trial ? "this is a trial key: whoever holds it can test guesses offline. Keep it "
                      "from the linkage unit."
                    : "keep it from the linkage unit and from the key service."};
}

}  // namespace

bool is_project_text(std::string_view text) { return keys::is_project_key(text); }

NewText new_project_text(const std::string& name, const std::string& epoch, Random& random) {
  return text_of(epoch.empty() ? keys::new_project_key(name, random)
                               : keys::new_service_project_key(name, epoch, random));
}

Result<NewText> next_project_text(std::string_view text, const std::string& epoch,
                                  const std::string& where, Random& random) {
  TESSERA_TRY(const keys::ProjectKey old, keys::project_key_from_text(text, where));
  if (!old.trial && (epoch.empty() || epoch == old.epoch))
    return Error{ErrorCode::usage, "give the new epoch's name with --epoch", where};
  if (old.trial && !epoch.empty())
    return Error{ErrorCode::usage, "a trial key names no epoch", where};
  return new_project_text(old.name, epoch, random);
}

Result<std::string> project_check(std::string_view text, const std::string& where) {
  TESSERA_TRY(const keys::ProjectKey key, keys::project_key_from_text(text, where));
  return to_hex(keys::key_check(key));
}

Result<json::Object> describe_project(std::string_view text, const std::string& where) {
  TESSERA_TRY(const keys::ProjectKey key, keys::project_key_from_text(text, where));
  json::Object out{{"name", key.name},
                   {"kind", key.trial ? "project key, trial (offline mode)"
                                      : "project key, with a key service"}};
  if (!key.trial) out.emplace_back("epoch", key.epoch);
  out.emplace_back("key check", to_hex(keys::key_check(key)));
  return out;
}

}  // namespace tessera::cli
