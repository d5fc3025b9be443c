#include "engine/schema/key_part.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace tessera::schema {
namespace {

struct Word {
  std::string_view text;
  Part part;
};
constexpr std::array<Word, 6> kWords{{{"year", Part::year},
                                      {"month", Part::month},
                                      {"day", Part::day},
                                      {"month_day", Part::month_day},
                                      {"phonetic", Part::phonetic},
                                      {"initial", Part::initial}}};

bool is_name(Kind kind) { return kind == Kind::given_name || kind == Kind::surname; }

bool fits(Part part, Kind kind) {
  switch (part) {
    case Part::exact:
      return kind == Kind::date || kind == Kind::number || kind == Kind::ssn;
    case Part::phonetic:
    case Part::initial:
      return is_name(kind);
    default:
      return kind == Kind::date;
  }
}

Error bad(std::string_view text, std::string_view why) {
  return {ErrorCode::format, fmt::format("'{}': {}", text, why), ""};
}

}  // namespace

Result<KeyPart> parse_key_part(std::string_view text, const Schema& schema) {
  KeyPart part;
  std::string_view inside = text;
  if (const auto open = text.find('('); open != std::string_view::npos) {
    if (!text.ends_with(')')) return bad(text, "a closing parenthesis is missing");
    const auto* word = std::ranges::find(kWords, text.substr(0, open), &Word::text);
    if (word == kWords.end())
      return bad(text, "expected year, month, day, month_day, phonetic or initial before '('");
    part.part = word->part;
    inside = text.substr(open + 1, text.size() - open - 2);
  }
  part.any = inside.find('|') != std::string_view::npos;
  part.set = inside.find('&') != std::string_view::npos;
  if (part.any && part.set) return bad(text, "'|' and '&' cannot be mixed");
  if ((part.any || part.set) && part.part != Part::phonetic)
    return bad(text, "only phonetic() takes several names");
  const char between = part.any ? '|' : '&';
  for (std::size_t at = 0;;) {
    const auto end = std::min(inside.find(between, at), inside.size());
    const std::string_view name = inside.substr(at, end - at);
    const auto field = schema.field(name);
    if (!field) return bad(text, fmt::format("no field is called '{}'", name));
    if (!fits(part.part, schema.fields[*field].kind))
      return bad(text, fmt::format("a field of kind {} cannot be used so",
                                   name_of(schema.fields[*field].kind)));
    if (std::ranges::find(part.fields, *field) != part.fields.end())
      return bad(text, "a field stands twice");
    part.fields.push_back(*field);
    if (end == inside.size()) break;
    at = end + 1;
  }
  if (part.set && part.fields.size() != 2) return bad(text, "'&' joins exactly two names");
  return part;
}

std::string key_part_text(const KeyPart& part, const Schema& schema) {
  std::string names;
  for (const std::size_t f : part.fields)
    names += (names.empty() ? "" : part.any ? "|" : "&") + schema.fields[f].name;
  if (part.part == Part::exact) return names;
  const auto* word = std::ranges::find(kWords, part.part, &Word::part);
  return fmt::format("{}({})", word->text, names);
}

}  // namespace tessera::schema
