// How records fared in a linkage, by group: coverage (could they be compared at all?) apart from
// match. Needs no truth.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/core/json.h"
#include "engine/report/groups.h"

namespace tessera::report {

// What became of a record.
enum class Fare : std::uint8_t {
  not_covered,  // lacks the fields of every pass: it was compared with nobody
  alone,        // compared, and nobody found
  near,         // not linked, though somebody is likely enough for a person to look
  linked,       // to another record, or a person of the registry
  through       // to a person of the registry, by way of a record of another file
};
inline constexpr std::size_t kFares = 5;

// Records of a group, by fare.
struct FareRow {
  std::string value;
  std::array<std::uint64_t, kFares> count{};
  std::uint64_t of(Fare fare) const { return count[static_cast<std::size_t>(fare)]; }
  std::uint64_t records() const;
  std::uint64_t covered() const { return records() - of(Fare::not_covered); }
  std::uint64_t linked() const { return of(Fare::linked) + of(Fare::through); }
};
struct FareTable {
  std::string column;
  std::vector<FareRow> rows;  // in the order of Grouping::values
};

struct Fares {
  double threshold = 0;   // least probability of a link
  double look = 0;        // ... and of a candidate that counts as near
  bool registry = false;  // links may go through other files
  FareRow all;
  std::vector<FareTable> tables;
};

// REQUIRES: one fare for each record of every grouping.
Fares tally_fares(std::span<const Fare> fares, std::span<const Grouping> groupings);

// A count below kSmallestGroup, and every share made of it, is shown as "<10". Shares of links are
// of the covered records.
json::Value to_json(const Fares& fares);
std::string to_table(const Fares& fares);
// The page of open_page: no script, no network. `title` is escaped.
std::string to_page(const Fares& fares, const std::string& title);

}  // namespace tessera::report
