// One owner's copy of a person: typed once, carried from year to year, now and then typed again.
#pragma once

#include <cstdint>
#include <string>

#include "engine/lab/synth_life.h"

namespace tessera::lab {

// How one owner writes.
struct Style {
  bool plain = false;  // drops accents
  bool capitals = false;
  bool star = false;      // * for no middle name
  bool us_dates = false;  // MM/DD/YYYY
};

// A line of a roster. Dates and names are as written, mistakes and all.
struct Copy {
  std::string first, middle, last, date_of_birth, sex, ssn, ssn_status;
  friend bool operator==(const Copy&, const Copy&) = default;
};

// Which typing of a copy holds at a tick.
struct Version {
  std::uint32_t typing = 0;  // 0 = the first
  std::uint16_t as_of = 0;   // the person's names as they were at this tick
  std::uint32_t ssn = 0;     // how often the SSN answer has changed
  double care = 1;           // factor on the error rates
  friend bool operator==(const Version&, const Version&) = default;
};

// Pure; safe to share between threads. What it is given must outlive it.
class Typist {
 public:
  // ssn_share: share of K-12 records with an SSN; 0 = K-12 has no SSN at all.
  Typist(const NameTables& names, const People& people, const Rates& rates, const Shape& shape,
         const Owners& owners, double ssn_share);

  Style style(std::uint16_t owner) const;
  Version version(const Spell& spell, const Person& p, std::uint32_t tick) const;
  Copy copy(const Spell& spell, const Person& p, const Version& version) const;
  Copy copy(const Spell& spell, const Person& p, std::uint32_t tick) const {
    return copy(spell, p, version(spell, p, tick));
  }

 private:
  struct Draft;
  std::uint64_t key(const Spell& spell) const;
  void type_names(Draft& d) const;
  void slip_names(Draft& d) const;
  std::string slip(std::string name, bool is_first, Draft& d) const;
  void type_middle(Draft& d) const;
  void type_rest(Draft& d) const;
  BirthDate slip_date(BirthDate born, Draft& d, bool& blank) const;
  void type_ssn(const Spell& spell, const Person& p, std::uint32_t version, Copy& copy) const;
  std::string provided_ssn(const Spell& spell, const Person& p, bool k12, Splitmix& rng) const;
  void finish(Draft& d) const;

  const NameTables& names_;
  const People& people_;
  const Rates& rates_;
  Shape shape_;
  Owners owners_;
  double ssn_share_;
};

}  // namespace tessera::lab
