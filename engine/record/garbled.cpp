// Four ways of losing an accent, each of which leaves its own mark.
#include "engine/record/garbled.h"

#include "engine/core/ascii.h"

namespace tessera::record {
namespace {

bool is_letter(char c) {
  return ascii::is_letter(c) || (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool is_lost_letter(std::string_view name, std::size_t at) {
  return at > 0 && at + 1 < name.size() && is_letter(name[at - 1]) && is_letter(name[at + 1]);
}

// In UTF-8, the two capitals are C3 83 and C3 82; signs that are no letters begin with C2 or E2.
bool is_read_twice(std::string_view rest) {
  return rest.size() > 2 && (rest[1] == '\x83' || rest[1] == '\x82') &&
         (rest[2] == '\xC2' || rest[2] == '\xE2');
}

bool is_html(std::string_view rest) {
  constexpr std::size_t kLongest = 10;
  const std::size_t end = rest.substr(0, kLongest).find(';');
  if (end == std::string_view::npos || end < 3) return false;
  for (const char c : rest.substr(1, end - 1))
    if (!ascii::is_letter(c) && !ascii::is_digit(c) && c != '#') return false;
  return true;
}

}  // namespace

bool is_garbled(std::string_view name) {
  constexpr std::string_view kMarks = "?&\xC3\xEF";
  for (std::size_t at = name.find_first_of(kMarks); at != std::string_view::npos;
       at = name.find_first_of(kMarks, at + 1)) {
    const std::string_view rest = name.substr(at);
    const bool lost = name[at] == '?' && is_lost_letter(name, at);
    if (lost || rest.starts_with("\xEF\xBF\xBD")) return true;
    if (name[at] == '\xC3' ? is_read_twice(rest) : name[at] == '&' && is_html(rest)) return true;
  }
  return false;
}

}  // namespace tessera::record
