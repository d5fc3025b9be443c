// What reading a roster may find wrong or strange, as names and counts: never as values.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tessera::record {

// Of one field of one row. Up to `not_wanted` the value is treated as missing;
// from `swapped` on it is kept with a remark. Persisted by name in reports; never reorder.
enum class Finding : std::uint8_t {
  none,
  placeholder,      // stands for "not known": UNKNOWN, BABY BOY, FNU, *, 1900-01-01
  unreadable,       // a name without letters, a date in none of the schema's formats
  not_listed,       // a category's spelling that the schema does not list
  not_digits,       // a number or SSN with something else in it
  wrong_length,     // a number or SSN of another length
  check_digit,      // a number whose Luhn digit is wrong
  impossible,       // a number or SSN that was never issued
  fake,             // an SSN known from advertisements and sample forms
  itin,             // a taxpayer number, not an SSN
  shared,           // one SSN on rows that disagree on name or date of birth
  not_wanted,       // an SSN although the status column says there is none
  swapped,          // a date valid only with day and month exchanged, and so read
  day_not_known,    // 1 January as a placeholder, or 00 for month or day: the rest is kept
  implausible_age,  // outside what the population makes likely; kept as it is
  one_name,         // given name and surname are the same; both are kept
  other_name,       // a further name was read from brackets, quotes or another column
  garbled           // a name whose accents became other signs on the way
};
inline constexpr std::size_t kFindings = 18;

// The name in reports ("placeholder"), and what its owner may do about it.
std::string_view name_of(Finding finding);
std::string_view remedy_of(Finding finding);
inline bool makes_missing(Finding finding) {
  return finding != Finding::none && finding < Finding::swapped;
}

// How often each finding was met in a field, and on which line first.
struct Tally {
  std::array<std::uint64_t, kFindings> count{};
  std::array<std::size_t, kFindings> first_line{};

  void add(Finding finding, std::size_t line) {
    const auto i = static_cast<std::size_t>(finding);
    if (finding == Finding::none) return;
    if (count[i]++ == 0 || line < first_line[i]) first_line[i] = line;
  }
  void add(const Tally& other) {
    for (std::size_t i = 1; i < kFindings; ++i) {
      if (other.count[i] == 0) continue;
      if (count[i] == 0 || other.first_line[i] < first_line[i]) first_line[i] = other.first_line[i];
      count[i] += other.count[i];
    }
  }
  std::uint64_t of(Finding finding) const { return count[static_cast<std::size_t>(finding)]; }
};

// Why a row gives no record. Persisted by name in rejects files.
enum class RowRule : std::uint8_t { structure, no_local_id, repeated_local_id };
inline constexpr std::array kRowRules{RowRule::structure, RowRule::no_local_id,
                                      RowRule::repeated_local_id};
std::string_view name_of(RowRule rule);
// What to do about it. Of `structure` it is the general word: each row's own says what is wrong
// there.
std::string_view remedy_of(RowRule rule);

}  // namespace tessera::record
