// Name tables of the synthetic state: weighted draws of names, and what people do to names.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/core/random.h"
#include "engine/core/result.h"

namespace tessera::lab {

enum class Ethnicity : std::uint8_t { white, black, hispanic, asian, native, two_or_more };
inline constexpr std::size_t kEthnicities = 6;
std::string_view name_of(Ethnicity ethnicity);

// A name without accents, and its other spelling (with accents, or as "O'Brien") where it has one,
// or "".
struct SpelledName {
  std::string plain;
  std::string spelled;
};

// A weighted list of indices.
class WeightedList {
 public:
  void add(std::uint32_t item, std::uint64_t weight);
  bool empty() const { return items_.empty(); }
  std::size_t size() const { return items_.size(); }
  std::uint32_t item(std::size_t at) const { return items_[at]; }
  // Of `at`, as a share of the whole list.
  double share(std::size_t at) const {
    const std::uint64_t before = at == 0 ? 0 : ends_[at - 1];
    return static_cast<double>(ends_[at] - before) / static_cast<double>(ends_.back());
  }
  std::uint32_t draw(Splitmix& rng) const;  // REQUIRES: not empty

 private:
  std::vector<std::uint32_t> items_;
  std::vector<std::uint64_t> ends_;  // running totals
};

// How a rule's pattern must lie in a word.
enum class Where : std::uint8_t { all, start, middle, end };
struct SpellingRule {
  Where where;
  std::string from, to;  // lower case
};

using WordLists = std::unordered_map<std::string, std::vector<std::string>>;

// Immutable after load; safe to share between threads.
class NameTables {
 public:
  // Reads the ten tables of a folder (data/synthetic/README.md says what each holds).
  static Result<NameTables> load(const std::string& folder);

  // `ethnic`: from the table by ethnicity where that has names, not by birth year.
  // sex: 'F' or 'M'.
  const SpelledName& given(int birth_year, char sex, Ethnicity ethnicity, bool ethnic,
                           Splitmix& rng) const;
  const SpelledName& surname(Ethnicity ethnicity, Splitmix& rng) const;

  // The lists behind given() and surname(); their items are numbers of names, below size().
  const WeightedList& given_list(int birth_year, char sex, Ethnicity ethnicity, bool ethnic) const;
  const WeightedList& surname_list(Ethnicity ethnicity) const;
  // Birth years of one period draw from the same lists.
  std::size_t period_of(int birth_year) const;
  const SpelledName& name(std::uint32_t item) const { return names_[item]; }
  std::size_t size() const { return names_.size(); }

  // Each nullptr if the name has none. Names are given without accents, in title case.
  const std::vector<std::string>* nicknames(std::string_view given) const;
  const std::vector<std::string>* similar(char sex, std::string_view given) const;
  const std::vector<std::string>* given_variants(std::string_view given) const;
  const std::vector<std::string>* surname_variants(std::string_view surname) const;

  const std::vector<SpellingRule>& phonetic() const { return phonetic_; }
  const std::vector<SpellingRule>& ocr() const { return ocr_; }
  // Neighbours on a keyboard; "" for what is no lower-case letter.
  const std::string& neighbours(char key) const;

 private:
  NameTables() = default;
  Result<void> load_spellings(const std::string& folder);
  Result<void> load_given(const std::string& folder);
  Result<void> load_ethnic(const std::string& folder);
  Result<void> load_surnames(const std::string& folder);
  Result<void> load_words(const std::string& folder);
  Result<void> load_rules(const std::string& folder);
  std::uint32_t intern(std::string_view name, bool is_given);

  struct Period {
    int from;
    std::array<WeightedList, 2> by_sex;
  };
  std::vector<SpelledName> names_;
  std::unordered_map<std::string, std::uint32_t> index_;
  std::unordered_map<std::string, std::string> spellings_;  // "g:" or "s:" and the plain name
  std::vector<Period> periods_;
  std::array<std::array<WeightedList, 2>, kEthnicities> ethnic_;
  std::array<WeightedList, kEthnicities> surnames_;
  WordLists nicknames_, similar_, given_variants_, surname_variants_;
  std::vector<SpellingRule> phonetic_, ocr_;
  std::array<std::string, 26> keyboard_;
};

}  // namespace tessera::lab
