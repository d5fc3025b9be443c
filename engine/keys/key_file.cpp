// Two kinds of project key, one text each; a locked one is unlocked on the way in.
#include "engine/keys/key_file.h"

#include <fmt/format.h>

#include "engine/core/bytes.h"
#include "engine/keys/hmac.h"
#include "engine/seal/lines.h"

namespace tessera::keys {
namespace {

constexpr std::string_view kTrial = "tessera-project-key 1 trial";
constexpr std::string_view kService = "tessera-project-key 1 service";

}  // namespace

std::array<std::uint8_t, 4> key_check(const ProjectKey& key) {
  Hmac mac(key.project.reveal());
  const Mac m = mac(as_bytes("tessera key check 1"));
  return {m[0], m[1], m[2], m[3]};
}

ProjectKey new_project_key(std::string name, Random& random) {
  ProjectKey key;
  key.name = std::move(name);
  random.fill(key.project.fill());
  random.fill(key.offline.fill());
  return key;
}

ProjectKey new_service_project_key(std::string name, std::string epoch, Random& random) {
  ProjectKey key;
  key.name = std::move(name);
  key.epoch = std::move(epoch);
  key.trial = false;
  random.fill(key.project.fill());
  return key;
}

SecretText to_text(const ProjectKey& key) {
  SecretText out(fmt::format("{}\nname: {}\n", key.trial ? kTrial : kService, key.name));
  if (!key.trial) out.append(fmt::format("epoch: {}\n", key.epoch));
  out.append(fmt::format("check: {}\n", to_hex(key_check(key))));
  seal::add_secret(out, "project", key.project);
  if (key.trial) seal::add_secret(out, "offline", key.offline);
  seal::add_check(out);
  return out;
}

bool is_project_key(std::string_view text) { return text.starts_with("tessera-project-key "); }

Result<ProjectKey> project_key_from_text(std::string_view text, const std::string& where) {
  seal::Lines lines(text);
  ProjectKey key;
  key.trial = lines.take_exact(kTrial);
  bool ok = key.trial || lines.take_exact(kService);
  const auto name = lines.take("name");
  const auto epoch = key.trial ? std::optional<std::string_view>("") : lines.take("epoch");
  const auto check = lines.take("check");
  ok = ok && name && epoch && check &&
       seal::read_base64(lines.take("project"), key.project.fill()) &&
       (!key.trial || seal::read_base64(lines.take("offline"), key.offline.fill()));
  if (!ok)
    return Error{ErrorCode::crypto, "not a tessera project key; make one with 'tessera key new'",
                 where};
  key.name = *name;
  key.epoch = *epoch;
  if (!lines.at_checked_end() || *check != to_hex(key_check(key)))
    return Error{ErrorCode::crypto, std::string(seal::kDamagedKey), where};
  return key;
}

Result<void> write_key(const std::string& path, const ProjectKey& key,
                       AtomicFile::Options options) {
  options.mode = 0600;
  return write_file(path, to_text(key).reveal(), options);
}

Result<ProjectKey> read_key(const std::string& path, const seal::AskPassphrase& ask) {
  TESSERA_TRY(const SecretText text, seal::read_private(path, ask));
  return project_key_from_text(text.reveal(), path);
}

}  // namespace tessera::keys
