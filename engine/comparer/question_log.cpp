// Canonical JSON lines, checked from the first on before one is added; written anew as a whole, for
// questions are few.
#include "engine/comparer/question_log.h"

#include <fmt/format.h>

#include "engine/core/digest.h"
#include "engine/core/file.h"
#include "engine/core/hex_member.h"
#include "engine/core/json.h"

namespace tessera::comparer {
namespace {

// The digest of the last line; zeros before the first.
Result<Sha256> last_of(std::string_view text, const std::string& path) {
  Sha256 last{};
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::string where = path + ":" + std::to_string(number);
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    TESSERA_TRY(const json::Value value, json::parse(line, where));
    Sha256 before{};
    if (end == std::string_view::npos || !hex_member(value, "before", before) || before != last)
      return Error{ErrorCode::conflict,
                   "this line does not follow from the one before: the log was changed or cut; "
                   "keep it as it is, and begin another",
                   where};
    last = sha256(as_bytes(line));
    text.remove_prefix(end + 1);
  }
  return last;
}

}  // namespace

std::string handle_text(encoded::Handle handle) { return fmt::format("{:016x}", handle); }

Result<encoded::Handle> parse_handle(const std::string& text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != sizeof(encoded::Handle))
    return Error{ErrorCode::usage, "a handle is 16 hexadecimal digits, as 'split ask' shows it",
                 ""};
  encoded::Handle out = 0;
  for (const std::uint8_t b : *bytes) out = out << 8 | b;
  return out;
}

Result<void> log_question(const std::string& path, const AskedPair& asked) {
  std::string text;
  if (file_exists(path)) {
    TESSERA_TRY(text, read_file(path));
  }
  TESSERA_TRY(const Sha256 before, last_of(text, path));
  text += json::to_canonical(json::Object{{"at", asked.at},
                                          {"before", to_hex(before)},
                                          {"by", asked.who},
                                          {"first", handle_text(asked.first)},
                                          {"reason", asked.why},
                                          {"second", handle_text(asked.second)}});
  text += '\n';
  return write_file(path, text, {.force = true, .mode = 0600});
}

}  // namespace tessera::comparer
