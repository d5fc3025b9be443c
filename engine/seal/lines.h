// Key files are lines "name: value" in a fixed order: taken one by one, or not at all. A secret one
// ends with a check of all its lines: a key with a wrong bit would match nobody, in silence.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "engine/core/bytes.h"
#include "engine/core/secret.h"
#include "engine/core/secret_text.h"

namespace tessera::seal {

inline constexpr std::string_view kDamagedKey =
    "this key file is damaged: what it says does not fit together; take its backup";

class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text), rest_(text) {}
  // The next line, if it is just `line`.
  bool take_exact(std::string_view line) {
    const auto next = peek();
    if (!next || *next != line) return false;
    rest_.remove_prefix(line.size() + 1);
    return true;
  }
  // The value of the next line, if its name is `name`; else nothing is taken.
  std::optional<std::string_view> take(std::string_view name) {
    const auto line = peek();
    if (!line || !line->starts_with(name) || !line->substr(name.size()).starts_with(": "))
      return std::nullopt;
    rest_.remove_prefix(line->size() + 1);
    return line->substr(name.size() + 2);
  }
  bool at_end() const { return rest_.empty(); }
  // The end of a secret file: a check that fits what was taken, and nothing after it. Files of
  // before the check end without one.
  bool at_checked_end();

 private:
  std::optional<std::string_view> peek() const {
    const auto end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    return rest_.substr(0, end);
  }
  std::string_view text_;
  std::string_view rest_;
};

// The value of a line that is base64 of just as many bytes as `out` holds; what else was read is
// wiped, for it may be a secret.
inline bool read_base64(std::optional<std::string_view> text, std::span<std::uint8_t> out) {
  std::optional<Bytes> bytes = text ? from_base64(*text) : std::nullopt;
  const bool good = bytes && copy_whole(*bytes, out);
  if (bytes) wipe(*bytes);
  return good;
}

// The line "name: " and the secret in base64.
void add_secret(SecretText& out, std::string_view name, const Secret<32>& secret);
// The last line of a secret file.
void add_check(SecretText& out);

}  // namespace tessera::seal
