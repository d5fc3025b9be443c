// Anomaly lists: who may have two IDs, and who is enrolled in two places, by owner.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/registry/history.h"

namespace tessera::registry {

enum class AnomalyKind : std::uint8_t { multiple_ids = 1, concurrent_enrolment = 2 };
std::string_view name_of(AnomalyKind kind);  // "multiple IDs", "concurrent enrolment"

struct Anomaly {
  AnomalyKind kind = AnomalyKind::multiple_ids;
  std::string owner;
  encoded::RecordKey key{};
  StateId id = 0;     // of the record
  std::string other;  // multiple_ids: the other state ID; concurrent_enrolment: the other owner
};

struct OwnerAnomalies {
  std::string owner;
  std::int64_t records = 0;                       // with an ID, seen since the day asked for
  std::int64_t multiple_ids = 0, concurrent = 0;  // records on each list, each counted once
  // Share of the owner's records on a list, against a gate such as .02.
  bool passes(double gate) const {
    const double most = gate * static_cast<double>(records);
    return static_cast<double>(multiple_ids) <= most && static_cast<double>(concurrent) <= most;
  }
};

struct AnomalyFilter {
  std::string since{};     // submissions of this day (YYYY-MM-DD) and later; "": every one
  std::string owner{};     // "": of all
  std::uint64_t skip = 0;  // rows of the pages before
  std::size_t most = SIZE_MAX;
};

struct Anomalies {
  std::vector<Anomaly> list;  // a page: multiple IDs by question, then the others by person
  std::uint64_t more = 0;     // rows after it
  std::vector<OwnerAnomalies> owners;  // by name, whatever the page
};

// multiple_ids: a record with an ID whose open question names another ID in use. concurrent
// enrolment: a person whose records of two owners were both submitted since (with "" every move is
// on the list). Of records that `sees` lets through. Memory is the page's and the owners'. Error
// `usage` if `owner` never sent anything.
Result<Anomalies> find_anomalies(Registry& registry, const AnomalyFilter& filter,
                                 const Sees& sees = {});

}  // namespace tessera::registry
