#include "engine/keys/key_file.h"

#include <cstring>

#include <fmt/format.h>

#include "engine/core/bytes.h"
#include "engine/keys/hmac.h"

namespace tessera::keys {
namespace {

constexpr std::string_view kFirstLine = "tessera-project-key 1 trial";

// "name: value" of the next line; advances `text`.
std::optional<std::string_view> take(std::string_view& text, std::string_view name) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  if (!line.starts_with(name) || !line.substr(name.size()).starts_with(": ")) return std::nullopt;
  return line.substr(name.size() + 2);
}

bool take_secret(std::string_view& text, std::string_view name, Secret<32>& out) {
  const auto line = take(text, name);
  auto bytes = line ? from_base64(*line) : std::nullopt;
  if (!bytes || bytes->size() != 32) return false;
  std::memcpy(out.fill().data(), bytes->data(), 32);
  wipe(*bytes);
  return true;
}

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

Result<void> write_key(const std::string& path, const ProjectKey& key,
                       AtomicFile::Options options) {
  options.mode = 0600;
  std::string text = fmt::format("{}\nname: {}\ncheck: {}\nproject: {}\noffline: {}\n", kFirstLine,
                                 key.name, to_hex(key_check(key)), to_base64(key.project.reveal()),
                                 to_base64(key.offline.reveal()));
  auto done = write_file(path, text, options);
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return done;
}

Result<ProjectKey> read_key(const std::string& path) {
  TESSERA_CHECK(require_private(path));
  TESSERA_TRY(std::string text, read_file(path, 4096));
  std::string_view rest = text;
  ProjectKey key;
  bool ok = rest.starts_with(kFirstLine) && rest.size() > kFirstLine.size() &&
            rest[kFirstLine.size()] == '\n';
  std::string check;
  if (ok) {
    rest.remove_prefix(kFirstLine.size() + 1);
    const auto name = take(rest, "name");
    const auto stated = take(rest, "check");
    ok = name && stated && take_secret(rest, "project", key.project) &&
         take_secret(rest, "offline", key.offline) && rest.empty();
    if (ok) {
      key.name = *name;
      check = *stated;
    }
  }
  wipe({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!ok)
    return Error{ErrorCode::crypto, "not a tessera project key; make one with 'tessera key new'",
                 path};
  if (check != to_hex(key_check(key)))
    return Error{ErrorCode::crypto, "this key file is damaged: its check value does not fit", path};
  return key;
}

}  // namespace tessera::keys
