// A schema with every kind of field, and rosters read from text: what the tests of this room share.
#pragma once

#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "engine/core/bytes.h"
#include "engine/record/roster.h"

namespace tessera::record {

// Fields: first, middle, last, dob, sex, ssn, card (ten digits, Luhn).
inline schema::Schema full_schema() {
  schema::Schema s;
  s.name = "full";
  s.ssn = true;
  using schema::Kind;
  const auto field = [&](const char* name, Kind kind, std::vector<std::string> columns) {
    schema::Field f;
    f.name = name;
    f.kind = kind;
    f.columns = std::move(columns);
    s.fields.push_back(std::move(f));
  };
  field("first", Kind::given_name, {"first_name", "given_name"});
  field("middle", Kind::middle_name, {"middle_name", "mi"});
  field("last", Kind::surname, {"last_name"});
  field("dob", Kind::date, {"date_of_birth"});
  field("sex", Kind::category, {"sex"});
  field("ssn", Kind::ssn, {"ssn"});
  field("card", Kind::number, {"library_card"});
  s.fields[3].formats = {"%Y-%m-%d", "%m/%d/%Y", "%Y%m%d", "%m/%d/%y"};
  s.fields[4].values = {{"F", {"female", "girl"}}, {"M", {"male"}}};
  s.fields[6].length = 10;
  s.fields[6].luhn = true;
  return s;
}
enum FullField : std::size_t { kFirst, kMiddle, kLast, kDob, kSex, kSsn, kCard };

inline ReadOptions student_options() {
  ReadOptions options;
  options.today = {2026, 11, 21, false};
  return options;
}

inline Result<Roster> read_text(std::string_view text, ReadOptions options = student_options(),
                                const schema::Schema& schema = full_schema()) {
  Silent silent;
  return read_roster_bytes(as_bytes(text), "roster.csv", schema, options, silent);
}

// Reads a roster that must be readable.
inline Roster must_read(std::string_view text, ReadOptions options = student_options(),
                        const schema::Schema& schema = full_schema()) {
  auto roster = read_text(text, std::move(options), schema);
  if (!roster) FAIL(roster.error().where << ": " << roster.error().what);
  return *std::move(roster);
}

// Rows that keep the share of rejected ones below 5 %.
inline std::string sound_rows(std::size_t n, std::string_view rest) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += "p" + std::to_string(i) + std::string(rest) + "\n";
  return out;
}

inline const Tally& findings(const Roster& roster, std::size_t field) {
  return roster.report.fields[field].findings;
}

}  // namespace tessera::record
