// Drawing from the public population, and walking through its names.
#include "engine/lab/public_people.h"

#include <algorithm>
#include <chrono>

namespace tessera::lab {
namespace {

constexpr double kBoys = 0.512;
constexpr char kSexes[2] = {'F', 'M'};
constexpr double share_of_sex(char sex) { return sex == 'M' ? kBoys : 1 - kBoys; }

}  // namespace

PublicPeople::PublicPeople(const NameTables& names, const Rates& rates, int years)
    : names_(names), rates_(rates) {
  shares_ = {0, rates.black, rates.hispanic, rates.asian, rates.native, rates.two_or_more};
  shares_[0] = 1;
  for (std::size_t e = 1; e < kEthnicities; ++e) shares_[0] -= shares_[e];
  using std::chrono::year;
  std::size_t last_period = 0;
  for (int y = kLastBirthYear - years + 1; y <= kLastBirthYear; ++y) {
    const std::size_t p = names.period_of(y);
    if (year_of_period_.empty() || p != last_period) year_of_period_.push_back(y);
    last_period = p;
    for (unsigned m = 1; m <= 12; ++m) {
      const std::chrono::year_month_day_last end{year{y} / std::chrono::month{m} /
                                                 std::chrono::last};
      for (int d = 1; d <= static_cast<int>(static_cast<unsigned>(end.day())); ++d) {
        dates_.push_back({y, static_cast<int>(m), d});
        period_of_day_.push_back(year_of_period_.size() - 1);
      }
    }
  }
}

double PublicPeople::two_surnames(std::size_t ethnicity) const {
  return static_cast<Ethnicity>(ethnicity) == Ethnicity::hispanic ? rates_.hispanic_double
                                                                  : rates_.other_double;
}

void PublicPeople::each_given(std::size_t period, std::size_t ethnicity, const Use& use) const {
  for (const char sex : kSexes)
    for (const bool ethnic : {false, true}) {
      const double of_list =
          share_of_sex(sex) * (ethnic ? rates_.ethnic_given : 1 - rates_.ethnic_given);
      const WeightedList& list = names_.given_list(year_of_period_[period], sex,
                                                   static_cast<Ethnicity>(ethnicity), ethnic);
      for (std::size_t i = 0; i < list.size(); ++i) use(list.item(i), of_list * list.share(i));
    }
}

void PublicPeople::each_surname(std::size_t ethnicity, const Use& use) const {
  const WeightedList& list = names_.surname_list(static_cast<Ethnicity>(ethnicity));
  for (std::size_t i = 0; i < list.size(); ++i) use(list.item(i), list.share(i));
}

NameItems PublicPeople::draw_given(std::size_t period, std::size_t ethnicity, bool two,
                                   Splitmix& rng) const {
  const char sex = rng.chance(kBoys) ? 'M' : 'F';
  const int year = year_of_period_[period];
  auto one = [&] {
    const bool ethnic = rng.chance(rates_.ethnic_given);
    return names_.given_list(year, sex, static_cast<Ethnicity>(ethnicity), ethnic).draw(rng);
  };
  const std::uint32_t first = one();
  return {first, two ? one() : kNoName};
}

NameItems PublicPeople::draw_surname(std::size_t ethnicity, bool two, Splitmix& rng) const {
  const WeightedList& list = names_.surname_list(static_cast<Ethnicity>(ethnicity));
  const std::uint32_t first = list.draw(rng);
  return {first, two ? list.draw(rng) : kNoName};
}

PublicPerson PublicPeople::draw(Splitmix& rng) const {
  PublicPerson p;
  double u = rng.uniform();
  while (p.ethnicity + 1 < kEthnicities && u >= shares_[p.ethnicity]) u -= shares_[p.ethnicity++];
  p.day = rng.below(days());
  p.given = draw_given(period(p.day), p.ethnicity, rng.chance(two_given()), rng);
  p.surname = draw_surname(p.ethnicity, rng.chance(two_surnames(p.ethnicity)), rng);
  p.number = rng.next();
  return p;
}

}  // namespace tessera::lab
