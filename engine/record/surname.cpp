// Surnames: double names, particles, former names written into the same cell.
#include "engine/record/fold.h"
#include "engine/record/name.h"
#include "engine/record/name_split.h"
#include "engine/record/name_words.h"

namespace tessera::record {
namespace {

bool is_former_mark(std::string_view word) {
  return word == "NEE" || word == "FKA" || word == "AKA" || word == "FORMERLY";
}

bool make_surname(Words words, Name& name) {
  if (words.n > 1 && is_former_mark(words.at[0])) words.drop_first();
  strip_titles_and_suffixes(words, true);
  if (words.n == 0 || words.placeholder()) return false;
  for (std::size_t i = 1; i + 1 < words.n; ++i)  // GARCIA Y LOPEZ
    if (words.at[i] == "Y") {
      for (std::size_t j = i + 1; j < words.n; ++j) words.at[j - 1] = words.at[j];
      --words.n;
    }
  glue_particles(words, is_surname_particle, name.parts);
  name.whole = join(name.parts);
  name.groups = name.parts;
  return true;
}

// SMITH NEE JONES: what follows the mark is a name of its own.
Words take_former(Words& words) {
  Words former;
  for (std::size_t i = 1; i + 1 < words.n; ++i) {
    if (!is_former_mark(words.at[i])) continue;
    for (std::size_t j = i + 1; j < words.n; ++j) former.add(words.at[j]);
    words.n = i;
  }
  return former;
}

}  // namespace

Finding read_surname(std::string_view text, std::vector<Name>& names) {
  if (text.empty()) return Finding::none;
  thread_local std::string folded;
  fold(text, folded);
  const bool only_marks = folded.empty();  // "*", "-", "."
  Split split = split_name(folded);
  const bool has_words = split.main.n > 0;
  const Words former = take_former(split.main);
  const std::size_t before = names.size();
  std::size_t found = 0;
  auto take = [&](const Words& words) {
    Name name;
    if (!make_surname(words, name)) return;
    ++found;
    add_name(std::move(name), names);
  };
  take(split.main);
  take(former);
  for (std::size_t i = 0; i < split.other_count; ++i) take(split.others[i]);
  if (found == 0) return only_marks || has_words ? Finding::placeholder : Finding::unreadable;
  return names.size() > before + 1 ? Finding::other_name : Finding::none;
}

}  // namespace tessera::record
