// A release of data: proposed, looked over, approved by a second person where it is large, made.
#pragma once

#include <cstdint>
#include <string>

#include "engine/core/random.h"
#include "engine/disclosure/agreement.h"
#include "engine/disclosure/artefact.h"
#include "engine/disclosure/table.h"

namespace tessera::disclosure {

enum class Audience : std::uint8_t {
  organisation,  // the agreement's recipient
  parent,        // of one child: a file of two children is refused, whoever they are (R73)
};

// What a dry run shows (R76): nothing is written but the proposal.
struct Proposal {
  std::int64_t release = 0;
  std::int64_t agreement = 0;
  std::string recipient;
  std::vector<std::string> people;
  std::vector<std::string> fields;
  std::int64_t lines = 0;
  std::int64_t students = 0;
  bool needs_second = false;  // more students than the book's setting
};

// Each on the day that the clock says (REQUIRES), and judged by the days that the book has seen as
// well (days_seen.h): agreements end and debarments last by no caller's word.
// Error conflict: agreement not active, recipient not welcome, a field the agreement does not
// name, no student, or a parent's file with more than one.
Result<Proposal> propose(Book& book, std::int64_t agreement, const Table& table, Audience audience,
                         const Act& act);
// By a person other than the proposer; error conflict otherwise, or if it is made already.
Result<void> approve_release(Book& book, std::int64_t release, const Act& act);

struct Made {
  std::string name;  // the artefact's
  Bytes file;        // what may be sent: sealed, state IDs replaced by the project's codes
};
// Writes the accounting of every student first (R48): if the file is then lost, the book says more
// than happened, never less. `table` must be the very bytes proposed. Error conflict: changed
// table, no second person's approval, made before, or any reason that propose() gives, checked
// again.
Result<Made> make_release(Book& book, std::int64_t release, const Table& table, Day expires,
                          Random& random, const Act& act);

}  // namespace tessera::disclosure
