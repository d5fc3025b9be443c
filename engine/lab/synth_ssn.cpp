// The SSN of a copy: whether there is one, and what is wrong with it.
#include <fmt/format.h>

#include "engine/lab/synth_copy.h"
#include "engine/lab/synth_stream.h"

namespace tessera::lab {
namespace {

std::string nine(std::uint32_t ssn) { return fmt::format("{:09}", ssn); }

// Numbers that cannot be anybody's, or are known to be used by many.
std::string invalid_ssn(Splitmix& rng) {
  constexpr const char* kKnown[] = {"078051120", "219099999", "123456789", "111111111",
                                    "999999999", "000000000", "987654320"};
  const std::uint64_t digits = rng.below(1000000);
  switch (rng.below(5)) {
    case 0:
      return kKnown[rng.below(7)];
    case 1:
      return fmt::format("000{:06}", digits);
    case 2:
      return fmt::format("666{:06}", digits);
    case 3:
      return fmt::format("9{:02}7{:05}", rng.below(100), digits % 100000);  // like an ITIN
    default:
      return fmt::format("{:03}00{:04}", 1 + rng.below(600), digits % 10000);
  }
}

}  // namespace

// REQUIRES: the person has an SSN.
std::string Typist::provided_ssn(const Spell& spell, const Person& p, bool k12,
                                 Splitmix& rng) const {
  const double u = rng.uniform();
  double at = 0;
  auto falls = [&](double rate) {
    const bool hit = u >= at && u < at + rate;
    at += rate;
    return hit;
  };
  const std::uint64_t other = rng.next();
  if (falls(rates_.invalid)) return invalid_ssn(rng);
  if (falls(rates_.digit)) {
    std::string typed = nine(p.ssn);
    char& c = typed[rng.below(9)];
    c = static_cast<char>('0' + (c - '0' + 1 + static_cast<int>(rng.below(9))) % 10);
    return typed;
  }
  if (!k12) return nine(p.ssn);
  if (falls(rates_.parent)) return nine(p.parent_ssn);
  // A few numbers of each district are typed for several children.
  if (falls(rates_.shared))
    return nine(ssn_of(shape_.seed, 700000000 + mix(spell.owner, other % 3, 9) % 1000000));
  if (falls(rates_.s_number)) return fmt::format("S{:08}", other % 100000000);
  if (falls(rates_.retired)) return "IDRETIRED";
  return nine(p.ssn);
}

void Typist::type_ssn(const Spell& spell, const Person& p, std::uint32_t version,
                      Copy& copy) const {
  Splitmix rng = stream(shape_.seed, Purpose::ssn, mix(key(spell), version));
  const Sector sector = owners_.of(spell.owner).sector;
  const bool k12 = sector == Sector::student;
  if (k12 && ssn_share_ <= 0) return;
  const double share = k12                         ? ssn_share_
                       : sector == Sector::college ? rates_.provided_college
                                                   : rates_.provided_staff;
  const double u = rng.uniform();
  const double rest = (1 - share) / (1 - rates_.provided);  // the other answers keep their ratio
  if (u < share && p.ssn != 0) {
    copy.ssn = provided_ssn(spell, p, k12, rng);
    copy.ssn_status = "provided";
  } else if (u < share) {
    copy.ssn_status = "not_available";
  } else if (u < share + rates_.declined * rest) {
    copy.ssn_status = "declined";
  } else if (u < share + (rates_.declined + rates_.not_asked) * rest) {
    copy.ssn_status = "not_asked";
  } else {
    copy.ssn_status = "not_available";
  }
}

}  // namespace tessera::lab
