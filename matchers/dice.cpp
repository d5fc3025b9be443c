// Works on levels, not on bits, so that every matcher reads the same two scans.
#include "matchers/dice.h"

#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "engine/schema/layout.h"

namespace tessera::matchers {
namespace {

using schema::Kind;

// Middles of the levels of link/levels.h, by number. Missing values are left out before.
constexpr std::array<double, 8> kName{0, 1, .85, .6, .415, .5, .165, 1};
constexpr std::array<double, 6> kMiddle{0, 1, .85, 1, .25, 0};
// Of the six codes of a date, those that agree.
constexpr std::array<double, 8> kDate{0, 1, 4. / 6, 5. / 6, 4. / 6, 4. / 6, 2. / 6, 0};
constexpr std::array<double, 3> kCategory{0, 1, 0};
constexpr std::array<double, 4> kNumber{0, 1, .85, 0};
constexpr double kSsnBits = 48;  // as many as a number sets

double share_of(Kind kind, std::uint32_t level) {
  switch (kind) {
    case Kind::given_name:
    case Kind::surname:
      return kName[level];
    case Kind::middle_name:
      return kMiddle[level];
    case Kind::date:
      return kDate[level];
    case Kind::number:
      return kNumber[level];
    default:
      return kCategory[level];
  }
}

// Bits set for each digit, in the comparator's order.
std::vector<double> bits_set(const schema::Schema& schema, std::size_t pass,
                             const link::Comparator& comparator) {
  const schema::Layout layout = schema::layout(schema, pass);
  std::vector<double> out;
  for (const link::Digit& digit : comparator.digits()) {
    double bits = digit.kind == Kind::ssn ? kSsnBits : 0;
    for (const schema::Slot& slot : layout.slots)
      if (slot.field == digit.field) bits += slot.weight;
    out.push_back(bits);
  }
  return out;
}

double dice_of(std::span<const double> bits, const link::Comparator& comparator,
               std::uint32_t pattern) {
  double common = 0;
  double all = 0;
  for (std::size_t d = 0; d < bits.size(); ++d) {
    const Kind kind = comparator.digits()[d].kind;
    const std::uint32_t level = comparator.level(pattern, d);
    if (level == 0 || (kind == Kind::ssn && level != link::level::ssn_equal)) continue;
    // An initial is all that one side has of the middle name.
    const bool initial = kind == Kind::middle_name && level == link::level::middle_initial;
    const double weight = initial ? schema::kCodeWeight : bits[d];
    common += weight * share_of(kind, level);
    all += weight;
  }
  return all > 0 ? common / all : 0;
}

class DiceThreshold final : public link::Matcher {
 public:
  explicit DiceThreshold(double least) : least_(least) {}

  Result<link::Fit> fit(const schema::Schema& schema, std::span<const link::Comparator> comparators,
                        std::span<const link::PassCounts> counts,
                        const link::RunSize&) const override {
    link::Fit out;
    for (std::size_t p = 0; p < comparators.size(); ++p) {
      const std::vector<double> bits = bits_set(schema, p, comparators[p]);
      std::vector<link::Decinats> logit(comparators[p].patterns());
      double links = 0;
      for (std::uint32_t pattern = 0; pattern < logit.size(); ++pattern) {
        logit[pattern] = logit_of(dice_of(bits, comparators[p], pattern));
        if (logit[pattern] > 0) links += static_cast<double>(counts[p].pairs[pattern]);
      }
      out.logit.push_back(std::move(logit));
      out.expected_matches.push_back(links);
      out.evidence.emplace_back();
    }
    out.notes.push_back(fmt::format(
        "Dice of {} or more is a link: probabilities only order pairs, and say no share", least_));
    return out;
  }
  double automatic() const override { return 0.9; }
  double review() const override { return 0.5; }

 private:
  // From 10 nats at the threshold to the most there is at 1.
  link::Decinats logit_of(double dice) const {
    if (dice < least_) return -link::kSurest;
    const double above = least_ < 1 ? (dice - least_) / (1 - least_) : 1;
    return static_cast<link::Decinats>(std::lround(100 + 300 * above));
  }
  double least_;
};

}  // namespace

double dice_of(const schema::Schema& schema, std::size_t pass, const link::Comparator& comparator,
               std::uint32_t pattern) {
  return dice_of(bits_set(schema, pass, comparator), comparator, pattern);
}

std::unique_ptr<link::Matcher> dice_threshold(double least) {
  return std::make_unique<DiceThreshold>(least);
}

}  // namespace tessera::matchers
