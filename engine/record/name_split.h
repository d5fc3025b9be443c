// A folded name taken apart: its words, and those of the names in brackets or quotes.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "engine/record/fields.h"
#include "engine/record/finding.h"

namespace tessera::record {

struct Words {
  static constexpr std::size_t kMost = 12;
  std::array<std::string_view, kMost> at{};
  std::size_t n = 0;
  void add(std::string_view word) {
    if (n < kMost && !word.empty()) at[n++] = word;
  }
  void drop_first() {
    for (std::size_t i = 1; i < n; ++i) at[i - 1] = at[i];
    --n;
  }
  bool placeholder() const;  // the words together stand for "not known"
};

// Words outside of brackets and quotes in `main`; inside, each bracket's in one of `others`.
struct Split {
  Words main;
  std::array<Words, 2> others{};
  std::size_t other_count = 0;
};

// Splits folded text. Digits are dropped from words that are no suffix, in place: the views point
// into `folded`.
Split split_name(std::string& folded);

// Removes leading titles and trailing suffixes, never the last word. `numerals`: I, V, VI too.
void strip_titles_and_suffixes(Words& words, bool numerals);

// Joins each run of particles to the word after it; SAINT becomes ST there.
void glue_particles(const Words& words, bool (*is_particle)(std::string_view),
                    std::vector<std::string>& parts);

std::string join(const std::vector<std::string>& parts);
// Adds the name unless its whole is there already. True if added.
bool add_name(Name&& name, std::vector<Name>& names);

}  // namespace tessera::record
