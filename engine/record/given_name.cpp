// Given and middle names: parts, their nickname groups, the initial that stands last.
#include "engine/record/fold.h"
#include "engine/record/name.h"
#include "engine/record/name_split.h"
#include "engine/record/name_words.h"
#include "engine/record/nickname.h"

namespace tessera::record {
namespace {

// "A J", "A.J." and "AJ" are one name: single letters that lead are written together.
void glue_initials(std::vector<std::string>& parts) {
  std::size_t lead = 0;
  while (lead < parts.size() && parts[lead].size() == 1) ++lead;
  if (lead < 2) return;
  for (std::size_t i = 1; i < lead; ++i) parts[0] += parts[i];
  parts.erase(parts.begin() + 1, parts.begin() + static_cast<std::ptrdiff_t>(lead));
}

// The name that the words make, or nothing.
bool make_given(Words words, Name& name, char& initial) {
  strip_titles_and_suffixes(words, false);
  if (words.n == 0 || words.placeholder()) return false;
  if (words.n > 1 && words.at[words.n - 1].size() == 1 && words.at[0].size() > 1)
    initial = words.at[--words.n].front();
  glue_particles(words, is_given_particle, name.parts);
  glue_initials(name.parts);
  name.whole = join(name.parts);
  name.groups.reserve(name.parts.size());
  for (const std::string& part : name.parts) name.groups.emplace_back(nickname_group(part));
  return true;
}

}  // namespace

Finding read_given_name(std::string_view text, std::vector<Name>& names, char& initial) {
  if (text.empty()) return Finding::none;
  thread_local std::string folded;
  fold(text, folded);
  const bool only_marks = folded.empty();  // "*", "-", "."
  const Split split = split_name(folded);
  const std::size_t before = names.size();
  std::size_t found = 0;
  if (Name name; make_given(split.main, name, initial)) {
    ++found;
    add_name(std::move(name), names);
  }
  for (std::size_t i = 0; i < split.other_count; ++i) {
    char ignored = 0;
    if (Name name; make_given(split.others[i], name, ignored)) {
      ++found;
      add_name(std::move(name), names);
    }
  }
  if (found == 0)
    return only_marks || split.main.n > 0 ? Finding::placeholder : Finding::unreadable;
  return names.size() > before + 1 ? Finding::other_name : Finding::none;
}

Finding read_middle_name(std::string_view text, std::string& out) {
  out.clear();
  if (text.empty()) return Finding::none;
  thread_local std::string folded;
  fold(text, folded);
  if (folded.empty() || is_no_middle_name(folded)) return Finding::none;  // "*": there is none
  Split split = split_name(folded);
  Words& words = split.main;
  strip_titles_and_suffixes(words, false);
  if (words.n == 1 && is_suffix(words.at[0])) return Finding::placeholder;
  // A single X is an initial here, not a stroke through an empty box.
  if (words.n == 0) return Finding::unreadable;
  if (words.placeholder() && words.at[0] != "X") return Finding::placeholder;
  std::vector<std::string> parts;
  glue_particles(words, is_given_particle, parts);
  out = join(parts);
  return Finding::none;
}

}  // namespace tessera::record
