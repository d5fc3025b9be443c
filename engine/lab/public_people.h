// The people a schema is checked against: birthdays spread evenly over some years, names drawn from
// the public name tables. Each person is drawn alone: no families, no mistakes in what is typed.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "engine/core/random.h"
#include "engine/lab/synth_names.h"
#include "engine/lab/synth_person.h"
#include "engine/lab/synth_rates.h"

namespace tessera::lab {

inline constexpr std::uint32_t kNoName = ~std::uint32_t{0};

// A name of one part, or of two (a double surname, Mary Ann); parts are items of the NameTables.
using NameItems = std::array<std::uint32_t, 2>;  // [1] is kNoName for one part

struct PublicPerson {
  std::size_t ethnicity = 0;
  std::size_t day = 0;  // of birth: from 0, in [0, days())
  NameItems given{kNoName, kNoName};
  NameItems surname{kNoName, kNoName};
  std::uint64_t number = 0;  // random; stands for any number that is the person's own
};

// Immutable; safe to share between threads. `names` must outlive it. A *period* is a run of birth
// years that draw from the same given names, numbered from 0.
class PublicPeople {
 public:
  static constexpr int kLastBirthYear = kFirstYear - 5;  // those in kindergarten in year 1

  // Births of the `years` (at least 1) up to kLastBirthYear; ethnicities and shares of names in two
  // parts as in `rates`.
  PublicPeople(const NameTables& names, const Rates& rates, int years);

  const NameTables& names() const { return names_; }
  std::size_t days() const { return dates_.size(); }
  const BirthDate& date(std::size_t day) const { return dates_[day]; }
  std::size_t period(std::size_t day) const { return period_of_day_[day]; }
  std::size_t periods() const { return year_of_period_.size(); }
  double share(std::size_t ethnicity) const { return shares_[ethnicity]; }

  // Shares of names in two parts among given names, and among surnames of an ethnicity.
  double two_given() const { return rates_.two_part_first; }
  double two_surnames(std::size_t ethnicity) const;
  // Calls use(item, share) for every given name of a period and ethnicity, and every surname of an
  // ethnicity: names in one part, shares summing to 1. An item may come more than once.
  using Use = std::function<void(std::uint32_t item, double share)>;
  void each_given(std::size_t period, std::size_t ethnicity, const Use& use) const;
  void each_surname(std::size_t ethnicity, const Use& use) const;

  PublicPerson draw(Splitmix& rng) const;
  NameItems draw_given(std::size_t period, std::size_t ethnicity, bool two, Splitmix& rng) const;
  NameItems draw_surname(std::size_t ethnicity, bool two, Splitmix& rng) const;

 private:
  const NameTables& names_;
  Rates rates_;
  std::array<double, kEthnicities> shares_{};
  std::vector<BirthDate> dates_;
  std::vector<std::size_t> period_of_day_;
  std::vector<int> year_of_period_;  // a birth year of it
};

}  // namespace tessera::lab
