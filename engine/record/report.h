// What came of reading a roster: counts by field and rule. Never a value of the roster.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/json.h"
#include "engine/record/fields.h"
#include "engine/record/finding.h"

namespace tessera::record {

enum class SourceKind : std::uint8_t { automatic, csv, oneroster, wage };
std::string_view name_of(SourceKind kind);

// A row that gave no record.
struct Reject {
  std::string file;      // the caller's name of it; of a OneRoster set, its table too
  std::size_t line = 0;  // 1-based
  RowRule rule = RowRule::structure;
  std::string remedy;
};

struct FieldReport {
  std::string field;                 // the schema's name
  std::vector<std::string> columns;  // where it was read from; empty: nowhere, so always missing
  std::uint64_t known = 0;           // records with a value
  Tally findings;
};

struct Report {
  std::string source;  // as given by the caller
  SourceKind kind = SourceKind::automatic;
  Date today;              // as in ReadOptions: what ages were reckoned from
  std::uint64_t rows = 0;  // records and rejected rows
  std::uint64_t records = 0;
  std::uint64_t to_be_deleted = 0;  // skipped: OneRoster status tobedeleted
  std::uint64_t other_roles = 0;    // skipped: OneRoster users of another population
  std::uint64_t other_types = 0;    // skipped: wage records that are not type S
  std::uint64_t provided = 0, declined = 0, not_asked = 0, not_available = 0;  // SSN states
  std::vector<FieldReport> fields;                                             // in schema order
  std::vector<Reject> rejects;                                                 // in the order met
};

// {"source", "kind", "day" (or null), "rows", "records", "rejected", "skipped", "ssn_states",
// "fields": [{"field", "columns", "known", "missing", "findings": [{"finding", "count",
// "first_line", "remedy"}]}]}
json::Value to_json(const Report& report);

// Sentences for people, one a line, only of what was found: "dob: 3 swapped, first in line 17
// (...)"; the day only where it mattered.
std::string to_text(const Report& report);

// The first few as "file:line: rule: remedy", one a line, and how many more there are.
std::string to_text(const std::vector<Reject>& rejects);

// ", 2 structure, 1 no_local_id": how many by rule; empty if there are none.
std::string by_rule(const std::vector<Reject>& rejects);

// The rejects file: columns file, line, rule, remedy; header line and all.
std::string rejects_csv(const std::vector<Reject>& rejects);

}  // namespace tessera::record
