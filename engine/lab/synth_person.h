// The people of the synthetic state, each a pure function of the seed and an index.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "engine/lab/synth_names.h"
#include "engine/lab/synth_rates.h"

namespace tessera::lab {

struct BirthDate {
  int year = 0, month = 0, day = 0;
  friend auto operator<=>(const BirthDate&, const BirthDate&) = default;
};

// The shape of a state. Time runs in ticks: year y (from 0) has a tick for October, y * slots(),
// and one for each of its nights.
struct Shape {
  std::uint64_t seed = 1;
  std::uint32_t students = 2000;  // expected to be enrolled in October of year 1
  std::uint32_t years = 1;        // 1..20
  std::uint32_t districts = 4;    // 1..5000
  std::uint32_t colleges = 1;
  std::uint32_t nights = 3;      // 0..60
  bool school_age_only = false;  // births in 13 years, all in K-12 in year 1 (--pair)

  std::uint32_t slots() const { return nights + 1; }
  std::uint32_t ticks() const { return years * slots(); }
};

inline constexpr int kFirstYear = 2018;  // year 1 begins in October 2018
inline constexpr std::uint16_t kNever = std::numeric_limits<std::uint16_t>::max();

enum class Origin : std::uint8_t { usual, refugee, international };

// A person as they truly are. Names in UTF-8, title case; a name with an accent or an apostrophe
// carries it where that is the legal spelling.
struct Person {
  std::uint64_t household = 0;
  std::uint32_t member = 0;    // position among the household's children
  std::uint32_t siblings = 1;  // children in the household
  bool adult = false;          // never a student here
  bool multiple = false;       // a twin or triplet
  bool stranger = false;       // shares names and birthday with a stranger, on purpose
  Ethnicity ethnicity = Ethnicity::white;
  Origin origin = Origin::usual;
  BirthDate born;
  char sex = 'F';                           // F, M, X
  std::string first, middle, last, suffix;  // middle and suffix may be empty
  bool compound = false;                    // two surnames
  std::uint32_t ssn = 0;                    // nine digits, 0 = has none
  std::uint32_t parent_ssn = 0;
  // From these ticks on (kNever: never), the names and sex are the new ones.
  std::uint16_t last_changes = kNever, first_changes = kNever;
  std::string new_last, new_first;
  char new_sex = 'F';

  const std::string& first_at(std::uint32_t tick) const {
    return tick >= first_changes ? new_first : first;
  }
  const std::string& last_at(std::uint32_t tick) const {
    return tick >= last_changes ? new_last : last;
  }
  char sex_at(std::uint32_t tick) const { return tick >= first_changes ? new_sex : sex; }
};

// Who lives together: `first` is the index of the eldest child, who gives the household its number.
struct Household {
  std::uint32_t first = 0;
  std::uint32_t size = 1;
  bool multiple = false;
};

// Immutable; safe to share between threads. `names` must outlive it.
class People {
 public:
  People(const NameTables& names, const Rates& rates, const Shape& shape);

  // Indices [0, children()) are children of families, [children(), size()) adults that never
  // were students here; the first staff() of these are school staff.
  std::uint32_t children() const { return children_; }
  std::uint32_t staff() const { return staff_; }
  std::uint32_t size() const { return size_; }
  int births_from() const { return births_from_; }
  int births_to() const { return births_to_; }

  Person person(std::uint32_t index) const;
  Household household(std::uint32_t index) const;  // REQUIRES: index < children()
  BirthDate born(std::uint32_t index) const;       // the same as person(index).born, at less cost

 private:
  struct Family;
  Family family(const Household& house) const;
  BirthDate child_born(const Family& family, std::uint32_t member) const;
  SpelledName draw_given(Ethnicity e, int year, char sex, Splitmix& rng) const;
  std::string draw_surname(Ethnicity e, bool doubled, Splitmix& rng) const;
  std::string spell(const SpelledName& name, Splitmix& rng) const;
  std::string child_first(const Family& family, std::uint32_t member, char sex) const;
  char child_sex(const Family& family, std::uint32_t member) const;
  Person child(std::uint32_t index) const;
  Person adult(std::uint32_t index) const;
  bool is_stranger(std::uint32_t index, const Household& house) const;
  std::uint32_t double_of(std::uint32_t index) const;
  void finish(Person& p, std::uint32_t index) const;
  void rename(Person& p, std::uint32_t index) const;
  void rename_in(Person& p, std::uint32_t year, Splitmix& family, Splitmix& own) const;

  const NameTables& names_;
  const Rates& rates_;
  Shape shape_;
  int births_from_ = 0, births_to_ = 0;
  std::uint32_t children_ = 0, staff_ = 0, size_ = 0;
};

// The SSN of a number below 800 million: unique, of a possible area, group and serial.
std::uint32_t ssn_of(std::uint64_t seed, std::uint64_t number);
// The school cohort: children born from September on count with the next year. Grade in school
// year `year` (from 0) is kFirstYear + year - cohort - 5: 0 = K, -1 and -2 = PK, 13 and over = 18+.
inline int cohort_of(const BirthDate& born) { return born.month >= 9 ? born.year + 1 : born.year; }
inline int grade_in(const BirthDate& born, std::uint32_t year) {
  return kFirstYear + static_cast<int>(year) - cohort_of(born) - 5;
}

}  // namespace tessera::lab
