// The usual separators by name; another one shows by its count in the header.
#include "engine/record/separator.h"

#include <algorithm>
#include <array>

namespace tessera::record {
namespace {

struct Separator {
  std::string_view name;
  char character;
};
constexpr std::array<Separator, 4> kSeparators{
    {{"comma", kComma}, {"semicolon", ';'}, {"tab", '\t'}, {"bar", '|'}}};

}  // namespace

std::optional<char> separator_named(std::string_view name) {
  const auto* const it = std::ranges::find(kSeparators, name, &Separator::name);
  return it == kSeparators.end() ? std::nullopt : std::optional(it->character);
}

std::string_view likely_separator(const std::vector<std::string>& header, char separator) {
  for (const Separator& s : kSeparators) {
    if (s.character == separator) continue;
    std::size_t met = 0;
    for (const std::string& cell : header)
      met += static_cast<std::size_t>(std::ranges::count(cell, s.character));
    if (met >= header.size()) return s.name;
  }
  return "";
}

}  // namespace tessera::record
