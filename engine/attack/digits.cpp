// Guess until near, then one digit at a time.
#include "engine/attack/digits.h"

#include <algorithm>
#include <vector>

#include "engine/core/random.h"

namespace tessera::attack {
namespace {

// Asks the weak unit and counts.
class Asker {
 public:
  Asker(const std::string& secret, std::uint64_t most) : secret_(secret), most_(most) {}
  bool may() const { return asked_ < most_; }
  std::uint64_t asked() const { return asked_; }
  DigitLevel ask(const std::string& guess) {
    ++asked_;
    return digit_level(secret_, guess);
  }

 private:
  const std::string& secret_;
  std::uint64_t most_, asked_ = 0;
};

char other_than(char digit, std::uint64_t step) {
  return static_cast<char>('0' + (static_cast<std::uint64_t>(digit - '0') + step) % 10);
}

// The guess becomes near, or the asker runs out.
DigitLevel guess_until_near(Asker& asker, std::string& guess, std::size_t open, Splitmix& rng) {
  DigitLevel level = DigitLevel::far;
  while (level == DigitLevel::far && asker.may()) {
    for (std::size_t i = 0; i < open; ++i) guess[i] = static_cast<char>('0' + rng.below(10));
    level = asker.ask(guess);
  }
  return level;
}

// Of a near guess: the digits whose change makes it far are right.
std::vector<bool> right_digits(Asker& asker, const std::string& guess, std::size_t open) {
  std::vector<bool> right(open);
  for (std::size_t i = 0; i < open && asker.may(); ++i) {
    std::string changed = guess;
    changed[i] = other_than(guess[i], 1);
    right[i] = asker.ask(changed) == DigitLevel::far;
  }
  return right;
}

// `below` is one digit short of near: digit i is right when it makes it near. Nine other digits, of
// which the last needs no row, for it is what is left.
char right_digit(Asker& asker, std::string below, std::size_t i) {
  const char wrong = below[i];
  for (std::uint64_t step = 1; step < 9 && asker.may(); ++step) {
    below[i] = other_than(wrong, step);
    if (asker.ask(below) != DigitLevel::far) return below[i];
  }
  return other_than(wrong, 9);
}

}  // namespace

DigitLevel digit_level(const std::string& a, const std::string& b) {
  std::size_t same = 0;
  for (std::size_t i = 0; i < a.size(); ++i) same += a[i] == b[i] ? 1 : 0;
  if (same == a.size()) return DigitLevel::equal;
  return same >= kNearDigits ? DigitLevel::near : DigitLevel::far;
}

std::uint64_t rows_to_find(const std::string& secret, std::size_t known, std::uint64_t most,
                           std::uint64_t seed) {
  Asker asker(secret, most);
  Splitmix rng(seed, 131);
  const std::size_t open = secret.size() - known;
  std::string guess = secret;
  while (asker.may()) {
    const DigitLevel level = guess_until_near(asker, guess, open, rng);
    if (level == DigitLevel::equal) return asker.asked();
    if (level == DigitLevel::far) return 0;
    const std::vector<bool> right = right_digits(asker, guess, open);
    const auto lever = static_cast<std::size_t>(std::ranges::find(right, true) - right.begin());
    if (lever == open) continue;  // eight agree, so that no digit alone shows: guess anew
    std::string below = guess;
    below[lever] = other_than(guess[lever], 1);
    for (std::size_t i = 0; i < open; ++i)
      if (!right[i]) guess[i] = right_digit(asker, below, i);
    if (asker.may() && asker.ask(guess) == DigitLevel::equal) return asker.asked();
  }
  return 0;
}

}  // namespace tessera::attack
