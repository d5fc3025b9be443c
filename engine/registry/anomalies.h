// Anomaly lists: who may have two IDs, and who is enrolled in two places, by owner.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/registry/registry.h"

namespace tessera::registry {

enum class AnomalyKind : std::uint8_t { multiple_ids = 1, concurrent_enrolment = 2 };
std::string_view name_of(AnomalyKind kind);  // "multiple IDs", "concurrent enrolment"

struct Anomaly {
  AnomalyKind kind = AnomalyKind::multiple_ids;
  std::string owner;
  encoded::RecordKey key{};
  StateId id = 0;     // of the record; 0: none yet
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

struct Anomalies {
  std::vector<Anomaly> list;           // by owner, kind, key, other
  std::vector<OwnerAnomalies> owners;  // by name
};

// multiple_ids: a record with an ID whose open question names another ID in use. concurrent
// enrolment: a person whose records of two owners were both submitted on or after `since`
// (YYYY-MM-DD; "" counts every submission, so that every move is on the list).
Result<Anomalies> find_anomalies(Registry& registry, const std::string& since);

}  // namespace tessera::registry
