// Who was told what: of one student, of one breach.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/disclosure/book.h"

namespace tessera::disclosure {

// One release as an accounting shows it (R48; 34 CFR 99.32): what, why, to whom.
struct Disclosure {
  std::int64_t release = 0;
  std::string made_on;
  std::string recipient;
  std::string agency;
  std::string basis;
  std::string purpose;
  std::string fields;  // JSON list
  std::string artefact;
  std::int64_t students = 0;
  std::int64_t downloads = 0;
  std::string artefact_state;  // open or revoked
};

// Of any of the IDs, each release once, oldest first. Give a person's live ID and its retired ones.
Result<std::vector<Disclosure>> disclosures_of(Book& book,
                                               const std::vector<std::uint64_t>& state_ids);

// What a breach may have touched (R69). At least one must be set.
struct Breach {
  std::string artefact;
  std::string account;  // who proposed, approved, made or fetched
  std::optional<Day> from;
  std::optional<Day> to;
};
struct Touched {
  std::vector<Disclosure> releases;
  std::vector<std::uint64_t> students;  // state IDs, each once, rising
};
Result<Touched> touched_by(Book& book, const Breach& breach);

}  // namespace tessera::disclosure
