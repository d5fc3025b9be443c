// Single mistakes in names.
#include "engine/lab/synth_noise.h"

#include <algorithm>
#include <vector>

#include "engine/core/ascii.h"

namespace tessera::lab {
namespace {

using ascii::is_letter;
using ascii::is_upper;
using ascii::lower;
using ascii::upper;

std::vector<std::size_t> letters_of(std::string_view name) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < name.size(); ++i)
    if (is_letter(name[i])) out.push_back(i);
  return out;
}

// Puts `to` in place of `length` bytes at `at`, with the case of what was there.
std::string replace_at(std::string name, std::size_t at, std::size_t length, std::string to) {
  if (!to.empty() && is_upper(name[at])) to[0] = upper(to[0]);
  if (to.empty() && at + length < name.size() && is_upper(name[at]))
    name[at + length] = upper(name[at + length]);
  return name.replace(at, length, to);
}

bool lies(Where where, std::size_t at, std::size_t length, std::size_t size) {
  switch (where) {
    case Where::all:
      return true;
    case Where::start:
      return at == 0;
    case Where::end:
      return at + length == size;
    case Where::middle:
      return at > 0 && at + length < size;
  }
  return false;
}

// The first rule, from a random one on, whose pattern occurs. A name never becomes shorter than
// two.
std::string by_rule(std::string name, const std::vector<SpellingRule>& rules, bool any_case,
                    Splitmix& rng) {
  const std::string text = any_case ? lower(name) : name;
  const std::size_t start = rng.below(rules.size());
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const SpellingRule& rule = rules[(start + i) % rules.size()];
    if (name.size() + rule.to.size() < rule.from.size() + 2 || rule.from == rule.to) continue;
    for (std::size_t at = text.find(rule.from); at != std::string::npos;
         at = text.find(rule.from, at + 1))
      if (lies(rule.where, at, rule.from.size(), text.size()))
        return any_case ? replace_at(name, at, rule.from.size(), rule.to)
                        : name.replace(at, rule.from.size(), rule.to);
  }
  return name;
}

// The byte of a two-byte Latin-1 letter that ASCII gives it: U+00C0 + i.
constexpr std::string_view kPlain =
    "AAAAAAACEEEEIIIIDNOOOOO OUUUUYTsaaaaaaaceeeeiiiidnooooo ouuuuyty";

bool accented(std::string_view name, std::size_t i) {
  return static_cast<unsigned char>(name[i]) == 0xc3 && i + 1 < name.size() &&
         static_cast<unsigned char>(name[i + 1]) >= 0x80 &&
         static_cast<unsigned char>(name[i + 1]) < 0xc0;
}

}  // namespace

std::string mistype(std::string name, const NameTables& tables, Splitmix& rng) {
  const std::vector<std::size_t> letters = letters_of(name);
  if (letters.size() < 2) return name;
  const std::size_t at = letters[rng.below(letters.size())];
  const std::string& near = tables.neighbours(lower(name[at]));
  const char hit = near.empty() ? 'e' : near[rng.below(near.size())];
  switch (rng.below(4)) {
    case 0:
      return name.insert(at + 1, 1, rng.chance(0.5) ? hit : lower(name[at]));
    case 1:
      return letters.size() > 2 ? replace_at(name, at, 1, "") : name.insert(at, 1, hit);
    case 2:
      return replace_at(name, at, 1, std::string(1, hit));
    default:
      break;
  }
  for (std::size_t i = 0; i + 1 < letters.size(); ++i) {  // two letters in the wrong order
    const std::size_t a = letters[(i + at) % (letters.size() - 1)];
    if (a + 1 >= name.size() || !is_letter(name[a + 1]) || lower(name[a]) == lower(name[a + 1]))
      continue;
    const bool capital = is_upper(name[a]) && !is_upper(name[a + 1]);
    std::swap(name[a], name[a + 1]);
    if (capital) {
      name[a] = upper(name[a]);
      name[a + 1] = lower(name[a + 1]);
    }
    return name;
  }
  return replace_at(name, at, 1, std::string(1, hit));
}

std::string write_by_ear(std::string name, const NameTables& tables, Splitmix& rng) {
  return by_rule(std::move(name), tables.phonetic(), true, rng);
}

std::string misread(std::string name, const NameTables& tables, Splitmix& rng) {
  return by_rule(std::move(name), tables.ocr(), false, rng);
}

std::string drop_part(std::string name, Splitmix& rng) {
  const bool front = rng.chance(0.35);
  std::size_t cut = name.find('-');
  if (cut == std::string::npos) cut = name.rfind(' ');
  constexpr std::string_view kParticles[] = {"De",  "La",  "Del", "De La",
                                             "St.", "Van", "Los", "Las"};
  if (cut == std::string::npos) return name;
  const std::string head = name.substr(0, cut), tail = name.substr(cut + 1);
  if (std::find(std::begin(kParticles), std::end(kParticles), head) != std::end(kParticles))
    return name;
  return front ? tail : head;
}

std::string swap_hyphen(std::string name) {
  std::size_t at = name.find('-');
  if (at == std::string::npos) at = name.rfind(' ');
  if (at != std::string::npos) name[at] = name[at] == '-' ? ' ' : '-';
  return name;
}

std::string stray_blanks(std::string name, Splitmix& rng) {
  if (name.empty()) return name;
  switch (rng.below(3)) {
    case 0:
      return name + " ";
    case 1:
      return " " + name;
    default:
      break;
  }
  const std::size_t blank = name.find(' ');
  return blank == std::string::npos ? name + "  " : name.insert(blank, 1, ' ');
}

std::string other_case(std::string name, Splitmix& rng) {
  if (rng.chance(0.5)) return lower(name);
  const std::string big = capitals(name);
  if (big != name) return big;
  return lower(name);
}

std::string without_accents(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (!accented(name, i)) {
      out += name[i];
      continue;
    }
    const auto low = static_cast<unsigned char>(name[++i]);
    out += low == 0x9f ? "ss" : std::string(1, kPlain[low - 0x80U]);
  }
  return out;
}

std::string capitals(std::string_view name) {
  std::string out(name);
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = upper(out[i]);
    if (!accented(out, i)) continue;
    const auto low = static_cast<unsigned char>(out[++i]);
    if (low >= 0xa0 && low != 0xb7 && low != 0xbf) out[i] = static_cast<char>(low - 0x20);
  }
  return out;
}

std::string folded(std::string_view name) {
  const std::string plain = capitals(without_accents(name));
  std::string out;
  for (const char c : plain) {
    const bool mark = c == ' ' || c == '-';
    if (!mark && !is_letter(c) && (c < '0' || c > '9')) continue;  // apostrophes and points go
    if (mark && (out.empty() || out.back() == ' ')) continue;
    out += mark ? ' ' : c;
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

}  // namespace tessera::lab
