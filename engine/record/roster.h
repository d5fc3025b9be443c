// A roster file, read: one Fields per person, and a report of all that was odd about it.
#pragma once

#include <string>
#include <vector>

#include "engine/core/bytes.h"
#include "engine/core/progress.h"
#include "engine/core/result.h"
#include "engine/encoded/format.h"
#include "engine/record/fields.h"
#include "engine/record/report.h"
#include "engine/schema/schema.h"

namespace tessera::record {

struct ReadOptions {
  SourceKind kind = SourceKind::automatic;
  encoded::Population population = encoded::Population::student;
  // What ages are reckoned from, and the century of two-digit years; nothing else depends on it.
  // Year 0: neither is checked.
  Date today;

  // "field=column" reads a schema field from that column, "field+=column" a further (former, other,
  // preferred) name. "local_id=column" and "ssn_status=column" too. In a wage file a column is a
  // pair of byte positions, "147-161". Fields that are not named here are found by the schema's
  // column names, compared without case, blanks, hyphens and underscores.
  std::vector<std::string> columns;

  // How this roster writes its dates, in place of the schema's formats; schema::fault_of_formats
  // finds nothing in them. Empty: as the schema says.
  std::vector<std::string> date_formats;

  char separator = ',';  // of a CSV file that is not OneRoster's; another one is an error elsewhere
};

struct Roster {
  std::vector<Fields> records;     // in the order of the file
  std::vector<std::size_t> lines;  // of each record; 1-based
  Report report;
};

// Reads a CSV file ("-" is standard input), a OneRoster 1.1 or 1.2 folder or zip, or a file of
// fixed-width UI wage records, and brings every value to its canonical form (name.h, date.h,
// number.h).
//
// A row is rejected, and read_roster goes on, only if its structure is broken or its local ID is
// missing or repeated (the first row with it is kept). A value that cannot be read is counted and
// missing. A roster of which at least five dates, and more than 5 % of a column's, are valid only
// with day and month exchanged is refused, as its other dates would be read wrong unseen. Of a date
// of 1 January only the year is believed, if such dates are more than three times as frequent as
// chance would have them and at least five. An SSN on rows that disagree on a name or date of birth
// is missing on all of them.
//
// Errors: io; usage (a column asked for is not there, the local ID is the SSN); format (no column
// of local IDs, no field of the schema found, dates exchanged, or more than 5 % of the rows
// rejected: then the rejects are in `*rejects_if_stopped` unless that is null). No message or
// report holds a value. The result does not depend on the number of threads.
Result<Roster> read_roster(const std::string& path, const schema::Schema& schema,
                           const ReadOptions& options, Progress& progress,
                           std::vector<Reject>* rejects_if_stopped = nullptr);

// The same from memory: a CSV, a zip or a wage file. `name` stands in messages.
Result<Roster> read_roster_bytes(ByteView bytes, const std::string& name,
                                 const schema::Schema& schema, const ReadOptions& options,
                                 Progress& progress,
                                 std::vector<Reject>* rejects_if_stopped = nullptr);

}  // namespace tessera::record
