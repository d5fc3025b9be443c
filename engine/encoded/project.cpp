// Two headers side by side: entries made under other keys or another schema never meet.
#include "engine/encoded/project.h"

#include <fmt/format.h>

namespace tessera::encoded {

Result<void> require_same_project(const Header& a, const std::string& a_path, const Header& b,
                                  const std::string& b_path) {
  auto differ = [&](std::string_view what) {
    return Error{ErrorCode::conflict, fmt::format("{} differs from that of {}", what, a_path),
                 b_path};
  };
  if (a.schema_digest != b.schema_digest && a.schema.epoch != b.schema.epoch)
    return differ("the epoch; link files of one epoch at a time: it");
  if (a.schema_digest != b.schema_digest)
    return differ("the schema; encode both with one schema: it");
  if (a.protection != b.protection) return differ("the protection (trial or oprf); it");
  if (a.key_check != b.key_check)
    return differ("the project key; encode both with one key: its check value");
  return {};
}

}  // namespace tessera::encoded
